import type { Case } from "./case.ts";
import { BUILD_CASES } from "./cases/builds.ts";
import { DATASOURCE_CASES } from "./cases/datasources.ts";
import { DEPLOYMENT_CASES } from "./cases/deployments.ts";
import { ENDPOINT_CASES } from "./cases/endpoints.ts";
import { WORKSPACE_CASES } from "./cases/workspaces.ts";
import type { Result } from "./session.ts";

export type { Case } from "./case.ts";

/** Run in this order against one server: later cases stand on what earlier ones did. */
export const CASES: readonly Case[] = [
  ...BUILD_CASES,
  ...ENDPOINT_CASES,
  ...DATASOURCE_CASES,
  ...DEPLOYMENT_CASES,
  ...WORKSPACE_CASES,
];

/** What is wrong with a result, a line each; empty when it is as expected. */
export function problemsOf({ exitCode, texts, absent = [] }: Case, { code, output }: Result): string[] {
  const wrongCode = code === exitCode ? [] : [`exit code ${code}, expected ${exitCode}`];
  const missing = texts.filter((text) => !output.includes(text)).map((text) => `the output lacks "${text}"`);
  const present = absent.filter((text) => output.includes(text)).map((text) => `the output has "${text}"`);
  return [...wrongCode, ...missing, ...present];
}
