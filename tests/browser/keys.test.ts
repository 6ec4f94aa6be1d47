import { describe, expect } from "vitest";
import { CARD_PIPES, card, status } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

describe("a key", () => {
  scenario("1 to 5 choose the range, X the comparison", async ({ open }) => {
    const { page } = await open();
    for (const [key, address] of [
      ["1", "?range=1h"],
      ["2", "?range=6h"],
      ["4", "?range=7d"],
      ["5", "?range=30d"],
      ["x", "?range=30d&compare=none"],
      ["3", "?compare=none"],
      ["X", ""],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, new URL(page.url()).search]).toEqual([key, address]);
    }
  });

  scenario("T goes to the first row of the board", async ({ open }) => {
    const { page } = await open();
    await page.keyboard.press("t");
    const first = card(page, "Trending now").getByRole("row").nth(1);
    expect(await first.evaluate((row) => row.contains(document.activeElement))).toBe(true);
  });

  scenario("R asks everything again", async ({ open }) => {
    const visit = await open();
    const before = visit.asked.length;
    await visit.page.keyboard.press("r");
    await visit.settled();
    const pipes = visit.since(before).map(({ pipe }) => pipe);
    expect(pipes).toEqual(expect.arrayContaining([...CARD_PIPES]));
    expect(new Set(pipes).size).toBe(pipes.length);
  });

  scenario("Space pauses and goes on", async ({ open }) => {
    const { page } = await open();
    await page.keyboard.press("Space");
    await status(page).getByText("Paused").waitFor();
    await page.keyboard.press("Space");
    await status(page).getByText("Live").waitFor();
  });

  scenario("Space on a button stays the button's", async ({ open }) => {
    const { page } = await open();
    await page.getByRole("button", { name: "1 h", exact: true }).focus();
    await page.keyboard.press("Space");
    expect(new URL(page.url()).search).toBe("?range=1h");
    expect(await status(page).getByText("Live").isVisible()).toBe(true);
  });

  scenario("D goes through the themes, and the browser keeps the choice", async ({ open }) => {
    const { page } = await open();
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const [light, dark] = ["rgb(246, 247, 249)", "rgb(14, 17, 21)"];
    const seen = [await ground()];
    for (let press = 0; press < 3; press++) {
      await page.keyboard.press("d");
      seen.push(await ground());
    }
    // auto, which the system has as light; dark; light; auto.
    expect(seen).toEqual([light, dark, light, light]);
    await page.keyboard.press("d");
    await page.reload();
    await page.locator("main").waitFor();
    expect(await ground()).toBe(dark);
  });

  scenario("? shows the list of keys, Escape closes it and gives the focus back", async ({ open }) => {
    const { page } = await open();
    await page.getByRole("button", { name: "1 h", exact: true }).focus();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog");
    await help.waitFor();
    expect(await help.textContent()).toMatch(/Space/);
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("1 h");
  });

  scenario("Escape closes a menu first, and clears the filters then", async ({ open }) => {
    const { page } = await open({ search: "?platform=reddit&range=1h" });
    await card(page, "Trending now")
      .getByRole("button", { name: /^More of / })
      .click();
    await page.keyboard.press("Escape");
    expect(new URL(page.url()).searchParams.get("platform")).toBe("reddit");
    await page.keyboard.press("Escape");
    expect(new URL(page.url()).search).toBe("?range=1h");
  });

  scenario("with Ctrl, Alt or Meta is the browser's", async ({ open }) => {
    const { page } = await open();
    for (const modifier of ["Control", "Alt", "Meta"]) await page.keyboard.press(`${modifier}+1`);
    expect(new URL(page.url()).search).toBe("");
  });

  scenario("is the input's where text is typed", async ({ open }) => {
    const { page } = await open();
    await page.getByRole("button", { name: "Custom range" }).click();
    await page.getByLabel("From", { exact: true }).focus();
    for (const key of ["1", "x", "d"]) await page.keyboard.press(key);
    expect(new URL(page.url()).search).toBe("");
  });

  scenario("can be switched off in the help, and stays off", async ({ open }) => {
    const { page } = await open();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("1");
    await page.reload();
    await page.locator("main").waitFor();
    await page.keyboard.press("1");
    expect(new URL(page.url()).search).toBe("");
  });
});
