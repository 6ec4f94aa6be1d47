import type { Workspace } from "../workspace.ts";

/** Milliseconds between two looks at the sizes of a workspace whose rows change. */
const INTERVAL_MS = 5_000;

/** Looks at the sizes of data sources a while after something changed, and not once for each change. */
export class StorageWatch {
  private readonly look: (workspace: Workspace) => Promise<void>;
  private readonly changedWorkspaces = new Set<Workspace>();
  private timer: NodeJS.Timeout | null = null;

  constructor(look: (workspace: Workspace) => Promise<void>) {
    this.look = look;
  }

  changed(workspace: Workspace): void {
    this.changedWorkspaces.add(workspace);
    this.timer ??= setTimeout(() => void this.lookNow(), INTERVAL_MS).unref();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** A workspace may be gone by then: figures are no reason to fail. */
  private async lookNow(): Promise<void> {
    this.timer = null;
    const workspaces = [...this.changedWorkspaces];
    this.changedWorkspaces.clear();
    for (const workspace of workspaces) await this.look(workspace).catch(() => undefined);
  }
}
