import { expect, it } from "vitest";
import { platformInName } from "./platform.ts";

it.each([
  ["@chdb/lib-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
  ["@chdb/lib-linux-arm64-gnu", { os: ["linux"], cpu: ["arm64"], libc: ["glibc"] }],
  ["@biomejs/cli-linux-x64-musl", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }],
  ["lightningcss-linux-arm-gnueabihf", { os: ["linux"], cpu: ["arm"], libc: ["glibc"] }],
  ["@biomejs/cli-win32-x64", { os: ["win32"], cpu: ["x64"] }],
  ["fsevents", undefined],
])("reads the platform of %s", (name, platform) => {
  expect(platformInName(name)).toEqual(platform);
});
