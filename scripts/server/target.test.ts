import { describe, expect, it } from "vitest";
import { localHost, resolveTarget } from "./target.ts";

const answering =
  (body: unknown, status = 200) =>
  async () =>
    Response.json(body, { status });
const tokens = answering({ user_token: "u", admin_token: "a", workspace_admin_token: "w" });
const nobody = async () => {
  throw new TypeError("fetch failed");
};

describe("resolveTarget", () => {
  it("takes the flags before the environment", async () => {
    const env = { TB_HOST: "https://env.example.com", TB_TOKEN: "env" };
    const target = await resolveTarget({ host: "https://flag.example.com/", token: "flag" }, env, nobody);
    expect(target).toEqual({ host: "https://flag.example.com", token: "flag" });
  });

  it("takes TB_HOST and TB_TOKEN", async () => {
    const env = { TB_HOST: "https://api.example.com", TB_TOKEN: "env" };
    expect(await resolveTarget({}, env, nobody)).toEqual({ host: "https://api.example.com", token: "env" });
  });

  it("else takes the local server and its workspace token", async () => {
    expect(await resolveTarget({}, {}, tokens)).toEqual({ host: "http://127.0.0.1:7181", token: "w" });
  });

  it("asks no other host for its tokens", async () => {
    await expect(resolveTarget({ host: "https://api.example.com" }, {}, tokens)).rejects.toThrow(
      "needs a token",
    );
  });

  it("asks a container next door when TB_LOCAL_HOST names it", async () => {
    expect(await resolveTarget({}, { TB_LOCAL_HOST: "tinybird" }, tokens)).toEqual({
      host: "http://tinybird:7181",
      token: "w",
    });
  });

  it("says how to start a server when none answers", async () => {
    await expect(resolveTarget({}, {}, nobody)).rejects.toThrow(
      /^Nothing answers on http:\/\/127\.0\.0\.1:7181: .*npm run local/,
    );
  });

  it("says when something else answers", async () => {
    await expect(resolveTarget({}, {}, answering({}, 404))).rejects.toThrow("status 404");
  });

  it.each(["localhost:7181", "ftp://localhost", ""])("refuses the host '%s' as wrong usage", async (host) => {
    await expect(resolveTarget({ host }, {}, tokens)).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("localHost", () => {
  it.each([
    [{}, "http://127.0.0.1:7181"],
    [{ TB_LOCAL_PORT: "80" }, "http://127.0.0.1:80"],
    [{ TB_LOCAL_HOST: "http://tinybird" }, "http://tinybird:7181"],
    [{ TB_LOCAL_HOST: "", TB_LOCAL_PORT: "" }, "http://127.0.0.1:7181"],
  ])("of %j is %s", (env, host) => {
    expect(localHost(env)).toBe(host);
  });
});
