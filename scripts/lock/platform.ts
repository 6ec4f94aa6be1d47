import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isRecord, parseJson } from "../json.ts";
import type { Platform } from "./lockfile.ts";

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];
const LIBRARIES: Readonly<Record<string, string>> = {
  gnu: "glibc",
  gnueabihf: "glibc",
  musl: "musl",
  musleabihf: "musl",
};

const run = promisify(execFile);

/**
 * Platform of a package as the registry describes it. Not every registry holds the binaries of every platform;
 * for one that it lacks, the platform is read from the name (`lib-linux-arm64-gnu`).
 * @throws {Error} when neither tells.
 */
export async function platformOf(name: string, version: string): Promise<Platform> {
  const platform = (await fromRegistry(name, version)) ?? platformInName(name);
  if (!platform)
    throw new Error(`Neither the registry nor its name tells the platform of ${name}@${version}`);
  return platform;
}

async function fromRegistry(name: string, version: string): Promise<Platform | undefined> {
  const args = ["view", `${name}@${version}`, "name", "os", "cpu", "libc", "--json"];
  const answer = await run("npm", args).catch(() => undefined);
  const fields = answer && parseJson(answer.stdout);
  return isRecord(fields) && fields.name === name ? pick(fields) : undefined;
}

function pick(fields: Readonly<Record<string, unknown>>): Platform {
  const [os, cpu, libc] = [texts(fields.os), texts(fields.cpu), texts(fields.libc)];
  return { ...(os && { os }), ...(cpu && { cpu }), ...(libc && { libc }) };
}

/** `npm view --json` prints a list of one as a bare string. */
function texts(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === "string") ? list : undefined;
}

/** Reads `…-linux-arm64-musl` and the like; undefined when system or processor is not there. */
export function platformInName(name: string): Platform | undefined {
  const words = name.split(/[-/]/);
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (!os || !cpu) return undefined;
  const libc = words.map((word) => LIBRARIES[word]).find((word) => word !== undefined);
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
}
