import { describe, expect, it } from "vitest";
import { ApiError, explain, fieldError, formError } from "./errors.ts";

describe("an error in words", () => {
  it("is the server's sentence when it has one", () => {
    expect(explain(new ApiError(409, { detail: "The session is already running.", code: "conflict" }))).toBe("The session is already running.");
  });
  it("says what to do when no answer came", () => {
    expect(explain(new ApiError(0, null))).toMatch(/try again/);
  });
  it("says how long to wait", () => {
    expect(explain(new ApiError(429, { detail: "x" }, 30))).toContain("30 seconds");
    expect(explain(new ApiError(429, { detail: "x" }, 900))).toContain("15 minutes");
    expect(explain(new ApiError(429, null))).toContain("a few minutes");
  });
  it("names the request of a server fault and nothing of its inside", () => {
    const words = explain(new ApiError(500, { detail: "panicked at src/main.rs", code: "internal", request_id: "r-17" }));
    expect(words).toContain("r-17");
    expect(words).not.toContain("panicked");
  });
  it("never is a code alone", () => {
    for (const status of [400, 401, 403, 404, 409, 413, 415, 500, 502, 503, 504]) expect(explain(new ApiError(status, null))).toMatch(/[a-z]+ [a-z]+/);
    expect(explain(new TypeError("x is not a function"))).not.toContain("x is not");
  });
});

describe("field errors", () => {
  const error = new ApiError(400, { national_id: ["Another patient has this national id."], payment: { amount: ["Too much."] }, non_field_errors: ["The visit is closed."] });
  it("stand beside their fields, also inside a nested object", () => {
    expect(fieldError(error, "national_id")).toBe("Another patient has this national id.");
    expect(fieldError(error, "payment.amount")).toBe("Too much.");
    expect(fieldError(error, "phone")).toBe("");
    expect(fieldError(null, "phone")).toBe("");
  });
  it("without a field on the page are said above the form, so that none is lost", () => {
    expect(formError(error, ["national_id", "payment.amount"])).toBe("The visit is closed.");
    expect(formError(error, ["payment.amount"])).toContain("National id: Another patient has this national id.");
    expect(formError(null, [])).toBe("");
    expect(formError(new ApiError(403, { detail: "Not yours." }), [])).toBe("Not yours.");
  });
});
