import { once } from "node:events";
import { createWriteStream } from "node:fs";

/** One row of the project's data source, some 270 bytes. */
export function benchRow(n: number): Record<string, unknown> {
  return {
    interaction_id: `01890a5d-ac96-774b-bcce-${String(n).padStart(12, "0")}`,
    user_id: `user_${n % 5_003}`,
    interaction_type: ["like", "comment", "share", "post"][n % 4],
    content_id: `content_${(n * 7) % 2_003}`,
    platform: ["twitter", "instagram", "facebook"][n % 3],
    timestamp: `2026-11-${String((n % 25) + 1).padStart(2, "0")} 12:${String(n % 60).padStart(2, "0")}:00`,
    text_content: `Something that somebody wrote about number ${n}`,
    engagement_count: n % 1_000,
    tags: ["launch", `tag_${n % 50}`],
  };
}

export function ndjsonLine(n: number): string {
  return `${JSON.stringify(benchRow(n))}\n`;
}

/** The same as CSV, columns in the order of the data source. */
export function csvLine(n: number): string {
  const cells = Object.values(benchRow(n)).map((value) =>
    Array.isArray(value) ? `"[${value.map((tag) => `'${tag}'`).join(",")}]"` : `"${value}"`,
  );
  return `${cells.join(",")}\n`;
}

/** Writes a file of about so many bytes. @returns its rows */
export async function writeRows(path: string, bytes: number, line: (n: number) => string): Promise<number> {
  const stream = createWriteStream(path);
  let [written, rows] = [0, 0];
  while (written < bytes) {
    let chunk = "";
    for (let i = 0; i < 5_000; i++) chunk += line(rows++);
    written += chunk.length;
    if (!stream.write(chunk)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return rows;
}
