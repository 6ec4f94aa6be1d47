import type { Case } from "../cases.ts";

/** Workspaces and their secrets. */
export const WORKSPACE_CASES: readonly Case[] = [
  { title: "tells the version of the server", args: ["local", "version"], exitCode: 0, texts: ["5.0.2"] },
  {
    title: "lists the workspaces",
    args: ["local", "ls"],
    exitCode: 0,
    texts: ["Tinybird_Local_Testing", "social_interactions"],
  },
  {
    title: "sets a secret",
    args: ["secret", "set", "API_KEY", "hidden"],
    exitCode: 0,
    texts: ["API_KEY", "set"],
  },
  {
    title: "lists secrets without their values",
    args: ["secret", "ls"],
    exitCode: 0,
    texts: ["API_KEY"],
    absent: ["hidden"],
  },
  { title: "removes a secret", args: ["secret", "rm", "API_KEY"], exitCode: 0, texts: ["deleted"] },
  { title: "lists the connections", args: ["connection", "ls"], exitCode: 0, texts: ["onnection"] },
  {
    title: "lists the tokens",
    args: ["token", "ls"],
    exitCode: 0,
    texts: ["tracker", "dashboard", "workspace admin token"],
  },
];
