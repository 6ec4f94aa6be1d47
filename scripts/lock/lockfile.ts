import { isRecord } from "../json.ts";

/** Text that npm can match against the machine it installs on. */
export type Platform = {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
};

/** One entry of `packages` in package-lock.json (version 3); fields that are not used here pass through untouched. */
export type LockEntry = Platform & {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

export type Lockfile = { readonly packages: Readonly<Record<string, LockEntry>> };

/** @throws {TypeError} when the text is not a package-lock.json of version 2 or 3. */
export function parseLock(text: string): Lockfile {
  const lock: unknown = JSON.parse(text);
  if (!isLockfile(lock))
    throw new TypeError("package-lock.json has no `packages`: expected lockfileVersion 3");
  return lock;
}

function isLockfile(value: unknown): value is Lockfile {
  return isRecord(value) && isRecord(value.packages) && Object.values(value.packages).every(isRecord);
}
