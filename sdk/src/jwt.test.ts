import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createJwt, type JwtOptions } from "./jwt.ts";

const payload = Buffer.from('{"u":"11111111-2222-4333-8444-555555555555","id":"x"}').toString("base64url");
const signingKey = `p.${payload}.signature`;
const options: JwtOptions = {
  signingKey,
  name: "browser",
  expiresIn: 600,
  clock: () => 1_000_000,
  scopes: [
    {
      type: "PIPES:READ",
      resource: "trending_content",
      fixed_params: { platform_filter: "twitter", limit: 5 },
    },
  ],
};
const decode = (part: string | undefined): unknown =>
  JSON.parse(Buffer.from(part ?? "", "base64url").toString());

describe("a JWT", () => {
  it("is signed with HS256 by the signing key", async () => {
    const [header, claims, signature] = (await createJwt(options)).split(".");
    expect(decode(header)).toEqual({ alg: "HS256", typ: "JWT" });
    const expected = createHmac("sha256", signingKey).update(`${header}.${claims}`).digest("base64url");
    expect(signature).toBe(expected);
  });

  it("names the workspace, the end in Unix seconds, and scopes with fixed parameters as text", async () => {
    const jwt = await createJwt({ ...options, name: "naïve ✓", limits: { rps: 10 } });
    expect(decode(jwt.split(".")[1])).toEqual({
      workspace_id: "11111111-2222-4333-8444-555555555555",
      name: "naïve ✓",
      exp: 1_600,
      scopes: [
        {
          type: "PIPES:READ",
          resource: "trending_content",
          fixed_params: { platform_filter: "twitter", limit: "5" },
        },
      ],
      limits: { rps: 10 },
    });
  });

  it("takes the workspace that is given", async () => {
    const jwt = await createJwt({ ...options, signingKey: "secret", workspaceId: "mine" });
    expect(decode(jwt.split(".")[1])).toMatchObject({ workspace_id: "mine" });
  });

  it.each([
    ["a signing key that names no workspace", { signingKey: "secret" }, "workspaceId"],
    ["an end that is over", { expiresIn: 0 }, "expiresIn"],
    ["no end", { expiresIn: Number.NaN }, "expiresIn"],
  ])("is not made with %s, and the error does not hold the key", async (_, changes, field) => {
    const error: unknown = await createJwt({ ...options, ...changes }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "INVALID_OPTION", field });
    expect(String(error)).not.toContain("secret");
  });

  it("has the parameters of its endpoint only", () => {
    const scope: JwtOptions["scopes"][number] = {
      type: "PIPES:READ",
      resource: "trending_content",
      // @ts-expect-error a parameter of another type
      fixed_params: { limit: "many" },
    };
    expect(scope.resource).toBe("trending_content");
  });
});
