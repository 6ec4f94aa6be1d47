const IMAGE = "tinybirdco/tinybird-local:latest";
const PORT = 7181;

/** Milliseconds: the container's own health check takes up to a minute. */
const STARTUP_MS = 180_000;

/**
 * With `TEST_TARGET=docker` starts Tinybird Local for the whole run and points the tests at it. Without a Docker engine
 * the run ends at once, with one line that says so.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_TARGET !== "docker") return undefined;
  const { GenericContainer, Wait } = await import("testcontainers");
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp("/tokens", PORT))
    .withStartupTimeout(STARTUP_MS)
    .start()
    .catch((error: unknown) => {
      const [reason] = String(error instanceof Error ? error.message : error).split("\n");
      console.error(`TEST_TARGET=docker: ${IMAGE} does not start, is a Docker engine running? (${reason})`);
      process.exit(1);
    });
  process.env.TB_LOCAL_HOST = container.getHost();
  process.env.TB_LOCAL_PORT = String(container.getMappedPort(PORT));
  return async () => {
    await container.stop();
  };
}
