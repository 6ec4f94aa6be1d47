import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AnsweredRequest } from "../http/app.ts";
import type { Operation } from "../rows.ts";
import type { Workspace } from "../workspace.ts";

/** Seconds: from an answer out of memory to one that is slow. */
const DURATIONS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What the server holds at the moment of the question. */
export interface Held {
  readonly logMemoryBytes: number;
  readonly logDiskBytes: number;
  readonly droppedServiceRows: number;
}

/** The server's figures in Prometheus' form. Each server has its own registry. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<"method" | "route" | "status">;
  private readonly rows: Counter<"workspace" | "datasource" | "outcome">;
  private readonly operations: Counter<"type" | "result">;

  constructor(held: () => Held) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: "tb_embedded_request_duration_seconds",
      help: "Time to answer a request, by route",
      labelNames: ["method", "route", "status"],
      buckets: DURATIONS,
      registers,
    });
    this.rows = new Counter({
      name: "tb_embedded_rows_total",
      help: "Rows that were written to data sources or to their quarantine",
      labelNames: ["workspace", "datasource", "outcome"],
      registers,
    });
    this.operations = new Counter({
      name: "tb_embedded_operations_total",
      help: "Changes of the rows of data sources",
      labelNames: ["type", "result"],
      registers,
    });
    this.gauge("tb_embedded_log_memory_bytes", "Posts that wait for the disk", () => held().logMemoryBytes);
    this.gauge("tb_embedded_log_disk_bytes", "Posts that wait for their tables", () => held().logDiskBytes);
    this.gauge(
      "tb_embedded_dropped_service_rows",
      "Rows of service tables that were dropped",
      () => held().droppedServiceRows,
    );
  }

  request({ route, status, seconds }: AnsweredRequest): void {
    this.requests.observe({ method: route.method, route: route.path, status }, seconds);
  }

  operation(workspace: Workspace, { type, datasource, rows, quarantined, error }: Operation): void {
    const labels = { workspace: workspace.name, datasource: datasource.datasource.name };
    this.rows.inc({ ...labels, outcome: "written" }, rows);
    this.rows.inc({ ...labels, outcome: "quarantined" }, quarantined);
    this.operations.inc({ type, result: error === "" ? "ok" : "error" });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
