/** One command of the real `tb`, and what it must answer. */
export type Case = {
  readonly title: string;
  readonly args: readonly string[];
  readonly exitCode: number;
  /** Each must appear in the output, whatever else does. */
  readonly texts: readonly string[];
  /** None may appear. */
  readonly absent?: readonly string[];
  /** A file of the project to write first. */
  readonly write?: ProjectFile;
  /** For a command that goes on until Ctrl-C. */
  readonly watch?: Watch;
};

export type ProjectFile = { readonly path: string; readonly text: string };

/** Once `ready` is printed the file is written; once `until` is, Ctrl-C ends the command. */
export type Watch = { readonly ready: string; readonly write: ProjectFile; readonly until: string };

/** In front of a command: to a server that stands for the cloud, as a workflow does it. */
export const CLOUD = ["--cloud", "--host", "{host}", "--token", "{token}"] as const;
