using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Dialects.Http;

/// <summary>Why a request was not carried out, in the form of RFC 9457; docs/http-api.md has the same table, for clients.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">For programs; never changes.</param>
/// <param name="Title">For people; the same for every problem of the code.</param>
public sealed record ApiProblem(int Status, string Code, string Title)
{
    public const string ContentType = "application/problem+json";

    /// <summary>What is wrong this time, for people; without anything secret.</summary>
    public string? Detail { get; init; }

    /// <summary>Where in the body, as a JSON Pointer (RFC 6901); null where no place is to blame.</summary>
    public string? Pointer { get; init; }

    /// <summary>When to try again; null where that does not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    public static ApiProblem BadJson { get; } = new(400, "bad_json", "The body is not one JSON object.");

    public static ApiProblem BadParameter { get; } = new(400, "bad_parameter", "A parameter is missing, unknown or of the wrong kind.");

    public static ApiProblem TooManyEntries { get; } = new(400, "too_many_entries", "The request brings more than one request may.");

    public static ApiProblem InvalidChannel { get; } = new(400, "invalid_channel", "The channel's name is too long.");

    public static ApiProblem EventNameTooLong { get; } = new(400, "event_name_too_long", "The event's name is too long.");

    public static ApiProblem InvalidKey { get; } = new(400, "invalid_idempotency_key", "The idempotency key is empty or too long.");

    public static ApiProblem AmbiguousCredentials { get; } = new(400, "ambiguous_credentials", "The request brings more than one credential.");

    public static ApiProblem InvalidCredentials { get; } = new(401, "invalid_credentials", "The credential is none of this app's.");

    public static ApiProblem TokenExpired { get; } = new(401, "token_expired", "The token has expired.");

    public static ApiProblem TokenNotYetValid { get; } = new(401, "token_not_yet_valid", "The token's time has not come.");

    public static ApiProblem TokenMisplaced { get; } = new(401, "token_misplaced", "The token is for something else.");

    public static ApiProblem Forbidden { get; } = new(403, "forbidden", "The caller may not do this.");

    public static ApiProblem OriginNotAllowed { get; } = new(403, "origin_not_allowed", "Pages of this origin may not use the app.");

    public static ApiProblem UnknownApp { get; } = new(404, "unknown_app", "No such app, or it is not served here.");

    public static ApiProblem NotFound { get; } = new(404, "not_found", "There is nothing at this path.");

    public static ApiProblem MethodNotAllowed { get; } = new(405, "method_not_allowed", "The path does not take this method.");

    public static ApiProblem BodyTooLarge { get; } = new(413, "body_too_large", "The body is larger than Broker:Limits:BodyBytes.");

    public static ApiProblem DataTooLarge { get; } = new(413, "data_too_large", "The data of an event is larger than Broker:Limits:FrameBytes.");

    public static ApiProblem UnsupportedMediaType { get; } = new(415, "unsupported_media_type", "The body must be application/json.");

    public static ApiProblem TooManyRequests { get; } = new(429, "too_many_requests", "There are more from here than may be.") { RetryAfterSeconds = 1 };

    public static ApiProblem InternalError { get; } = new(500, "internal_error", "A fault of the broker; it has been logged.");

    public static ApiProblem Unavailable { get; } = new(503, "unavailable", "The broker cannot take it now; nothing was done.") { RetryAfterSeconds = 1 };

    /// <summary>504, since the node that was asked for is another one: its answer did not come.</summary>
    public static ApiProblem OutcomeUnknown { get; } = new(504, "outcome_unknown", "It may or may not have been done: repeat it with the same idempotencyKey.");

    /// <summary>Every entry, for the papers and for tests.</summary>
    public static IReadOnlyList<ApiProblem> Catalogue { get; } =
    [
        BadJson, BadParameter, TooManyEntries, InvalidChannel, EventNameTooLong, InvalidKey, AmbiguousCredentials, InvalidCredentials, TokenExpired,
        TokenNotYetValid, TokenMisplaced, Forbidden, OriginNotAllowed, UnknownApp, NotFound, MethodNotAllowed, BodyTooLarge, DataTooLarge, UnsupportedMediaType,
        TooManyRequests, InternalError, Unavailable, OutcomeUnknown,
    ];

    public static ApiProblem Of(Refusal refusal) => refusal switch
    {
        Refusal.InvalidChannel or Refusal.UnknownChannel => InvalidChannel,
        Refusal.Forbidden => Forbidden,
        Refusal.UnknownApp => UnknownApp,
        Refusal.EventNameTooLong => EventNameTooLong,
        Refusal.InvalidKey => InvalidKey,
        Refusal.TooManyPublishes => TooManyRequests,
        Refusal.Unavailable or Refusal.AppFull => Unavailable,
        Refusal.OutcomeUnknown => OutcomeUnknown,
        _ => InternalError with { Detail = $"Refused: {refusal}." },
    };

    /// <summary>The entry with a code; one without an entry keeps its status and words.</summary>
    public static ApiProblem Of(int status, string code, string reason) =>
        Catalogue.FirstOrDefault(entry => entry.Code == code) is { } known
            ? known with { Status = status, Detail = reason == known.Title ? null : reason }
            : new ApiProblem(status, code, reason);

    public static ApiProblem Bad(string pointer, string detail) => BadParameter with { Pointer = pointer, Detail = detail };

    /// <summary><c>{"type":"urn:broker:problem:CODE","title":T,"status":N,"code":CODE,"detail":D,"pointer":P}</c>; the last two where there are any.</summary>
    public void Write(PayloadWriter payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        payload.Write("{\"type\":"u8);
        payload.WriteText("urn:broker:problem:" + Code);
        payload.Write(",\"title\":"u8);
        payload.WriteText(Title);
        payload.Write(",\"status\":"u8);
        payload.WriteNumber(Status);
        payload.Write(",\"code\":"u8);
        payload.WriteText(Code);
        if (Detail is not null)
        {
            payload.Write(",\"detail\":"u8);
            payload.WriteText(Detail);
        }

        if (Pointer is not null)
        {
            payload.Write(",\"pointer\":"u8);
            payload.WriteText(Pointer);
        }

        payload.Write("}"u8);
    }
}
