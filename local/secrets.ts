import type { SecretRecord } from "./catalog.ts";

/** The secrets of a workspace: names and dates for everybody, values only for templates. */
export class Secrets {
  private readonly records: Map<string, SecretRecord>;
  private readonly now: () => Date;
  private readonly save: () => void;

  constructor(
    records: Readonly<Record<string, SecretRecord>>,
    { now, save }: { readonly now: () => Date; readonly save: () => void },
  ) {
    this.records = new Map(Object.entries(records));
    this.now = now;
    this.save = save;
  }

  /** Names and dates; never the values. */
  list(): { name: string; createdAt: string; updatedAt: string }[] {
    return [...this.records].map(([name, { createdAt, updatedAt }]) => ({ name, createdAt, updatedAt }));
  }

  set(name: string, value: string): void {
    const now = this.now().toISOString();
    this.records.set(name, { value, createdAt: this.records.get(name)?.createdAt ?? now, updatedAt: now });
    this.save();
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    const known = this.records.delete(name);
    this.save();
    return known;
  }

  values(): ReadonlyMap<string, string> {
    return new Map([...this.records].map(([name, { value }]) => [name, value]));
  }

  toRecord(): Readonly<Record<string, SecretRecord>> {
    return Object.fromEntries(this.records);
  }
}
