import type { LockEntry, Lockfile, Platform } from "./lockfile.ts";

/** The only host whose URLs may stand in `resolved`: npm swaps it for the registry that each user has configured. */
const PUBLIC_REGISTRY = "https://registry.npmjs.org/";

/** An optional dependency that some package names and the lock does not list. */
export type Missing = {
  readonly name: string;
  readonly version: string;
  /** Where it belongs, a key of `packages`. */
  readonly path: string;
  /** The package that names it. */
  readonly parent: string;
  readonly dev: boolean;
};

/** Every optional dependency that is named but not listed, sorted by path. */
export function missingOptional(lock: Lockfile): Missing[] {
  const missing = new Map<string, Missing>();
  for (const [parent, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = pathFor(lock, parent, name, version);
      // A package that production code needs too is not a development one.
      if (path)
        missing.set(path, {
          name,
          version,
          path,
          parent,
          dev: (entry.dev ?? false) && (missing.get(path)?.dev ?? true),
        });
    }
  }
  return [...missing.values()].sort((a, b) => compareAsNpm(a.path, b.path));
}

/** Paths of the entries whose `resolved` names a host other than the public registry. */
export function foreignResolved(lock: Lockfile): string[] {
  return Object.entries(lock.packages)
    .filter(([, entry]) => isForeign(entry.resolved))
    .map(([path]) => path);
}

/** The lock with the missing packages added, in npm's order, and without `resolved` of other hosts. */
export function completed(
  lock: Lockfile,
  added: readonly (Missing & { readonly platform: Platform })[],
): Lockfile {
  const entries: [string, LockEntry][] = Object.entries(lock.packages).map(([path, entry]) => [
    path,
    withoutForeign(entry),
  ]);
  for (const { path, version, dev, platform } of added)
    entries.push([path, lockEntry(version, dev, platform)]);
  entries.sort(([a], [b]) => compareAsNpm(a, b));
  return { ...lock, packages: Object.fromEntries(entries) };
}

/** Fields in npm's order, absent ones left out. */
function lockEntry(version: string, dev: boolean, { os, cpu, libc }: Platform): LockEntry {
  return {
    version,
    ...(cpu && { cpu }),
    ...(dev && { dev }),
    ...(libc && { libc }),
    optional: true,
    ...(os && { os }),
  };
}

function withoutForeign(entry: LockEntry): LockEntry {
  if (!isForeign(entry.resolved)) return entry;
  const { resolved: _dropped, ...rest } = entry;
  return rest;
}

/** Links to workspaces (`sdk`) and git addresses are not registry URLs. */
function isForeign(resolved: string | undefined): boolean {
  return resolved !== undefined && /^https?:/.test(resolved) && !resolved.startsWith(PUBLIC_REGISTRY);
}

/** Where the package has to be added; undefined when the one that Node would find is already listed. */
function pathFor(lock: Lockfile, parent: string, name: string, version: string): string | undefined {
  const found = placesOf(parent, name).find((path) => path in lock.packages);
  if (found === undefined) return `node_modules/${name}`;
  const listed = lock.packages[found]?.version;
  return isExact(version) && listed !== version ? `${parent}/node_modules/${name}` : undefined;
}

/** The places where Node looks, nearest first. */
function placesOf(parent: string, name: string): string[] {
  const places = [`node_modules/${name}`];
  const steps = parent === "" ? [] : parent.split("/node_modules/");
  for (let depth = 1; depth <= steps.length; depth++) {
    places.unshift(`${steps.slice(0, depth).join("/node_modules/")}/node_modules/${name}`);
  }
  return places;
}

/** True for one version, false for a range such as `~2.3.3`. */
export function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version);
}

function compareAsNpm(a: string, b: string): number {
  return a.localeCompare(b, "en");
}
