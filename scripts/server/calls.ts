import { type Call, curlLine } from "./curl.ts";

/** The two tokens of the datafiles, named by role. */
export type RoleTokens = { readonly tracker: string; readonly dashboard: string };

export type ExampleCall = { readonly title: string; readonly call: Call };

/** Ready-made calls against a running server; `now` dates the row that is sent. */
export function exampleCalls(url: string, { tracker, dashboard }: RoleTokens, now: Date): ExampleCall[] {
  const endpoint = (path: string): Call => ({ url: `${url}/v0/pipes/${path}`, token: dashboard });
  return [
    {
      title: "Send one interaction",
      call: {
        url: `${url}/v0/events?name=social_interactions`,
        token: tracker,
        body: JSON.stringify(exampleRow(now)),
      },
    },
    {
      title: "What is trending on Twitter?",
      call: endpoint(
        "trending_content.json?hours_back=48&min_interactions=15&platform_filter=twitter&limit=20",
      ),
    },
    {
      title: "Who is active?",
      call: endpoint("user_activity_analysis.json?since=2023-04-01%2000:00:00&min_engagement=10&limit=50"),
    },
    { title: "How do the platforms compare?", call: endpoint("interactions_by_platform.json") },
  ];
}

/** The calls as text for a shell. */
export function callLines(calls: readonly ExampleCall[]): string {
  return calls.map(({ title, call }) => `# ${title}\n${curlLine(call)}`).join("\n\n");
}

/** Addresses for a browser, which sends no header: the token that may only read stands in the URL. */
export function browserUrls(url: string, dashboard: string): string[] {
  const pipes = ["trending_content", "interactions_by_platform", "user_activity_analysis"];
  return pipes.map((pipe) => `${url}/v0/pipes/${pipe}.json?token=${encodeURIComponent(dashboard)}`);
}

function exampleRow(now: Date) {
  return {
    interaction_id: `example_${now.getTime()}`,
    user_id: "user_789",
    interaction_type: "comment",
    content_id: "content_456",
    platform: "instagram",
    timestamp: now.toISOString().slice(0, 19).replace("T", " "),
    text_content: "It's live!",
    engagement_count: 25,
    tags: ["launch", "realtime"],
  };
}
