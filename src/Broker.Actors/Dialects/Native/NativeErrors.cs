using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Tokens;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>The error codes of the native dialect; docs/native.md has the same table, for clients.</summary>
internal static class NativeErrors
{
    public static JsonRpcError Unavailable { get; } = new(-32001, "Unavailable");

    public static JsonRpcError OutcomeUnknown { get; } = new(-32002, "Outcome unknown");

    public static JsonRpcError Forbidden { get; } = new(-32003, "Forbidden");

    public static JsonRpcError UnknownApp { get; } = new(-32004, "Unknown app");

    public static JsonRpcError NotIdentified { get; } = new(-32005, "Not identified", "to be present, say who you are by connect first");

    public static JsonRpcError InvalidToken { get; } = new(-32006, "Invalid token");

    public static JsonRpcError TokenExpired { get; } = new(-32007, "Token expired");

    public static JsonRpcError TokenNotYetValid { get; } = new(-32008, "Token not yet valid");

    public static JsonRpcError TokenMisplaced { get; } = new(-32009, "Token for something else");

    public static JsonRpcError NotSubscribed { get; } = new(-32010, "Not subscribed");

    public static JsonRpcError AlreadySubscribed { get; } = new(-32011, "Already subscribed");

    public static JsonRpcError InvalidChannel { get; } = new(-32020, "Invalid channel");

    public static JsonRpcError EventNameTooLong { get; } = new(-32021, "Event name too long");

    public static JsonRpcError InvalidKey { get; } = new(-32022, "Invalid idempotency key");

    public static JsonRpcError InfoTooLarge { get; } = new(-32023, "Info too large");

    /// <summary>Emits of this dialect make their channel: for those that come after.</summary>
    public static JsonRpcError UnknownChannel { get; } = new(-32024, "Unknown channel");

    public static JsonRpcError TooManySubscriptions { get; } = new(-32030, "Too many subscriptions");

    public static JsonRpcError TooManyMembers { get; } = new(-32031, "Too many members");

    public static JsonRpcError TooManyPublishes { get; } = new(-32032, "Too many publishes", "faster than this connection may: nothing was done, try again after a second");

    public static JsonRpcError AppFull { get; } = new(-32033, "App full", "the app has as many connections as it may: try again later");

    public static JsonRpcError Of(TokenFault fault) => fault switch
    {
        TokenFault.Expired => TokenExpired,
        TokenFault.NotYetValid => TokenNotYetValid,
        TokenFault.Misplaced => TokenMisplaced,
        _ => InvalidToken,
    };

    public static JsonRpcError Of(Refusal refusal) => refusal switch
    {
        Refusal.InvalidChannel => InvalidChannel,
        Refusal.Forbidden => Forbidden,
        Refusal.UnknownApp => UnknownApp,
        Refusal.TooManySubscriptions => TooManySubscriptions,
        Refusal.TooManyMembers => TooManyMembers,
        Refusal.TooManyPublishes => TooManyPublishes,
        Refusal.AppFull => AppFull,
        Refusal.InfoTooLarge => InfoTooLarge,
        Refusal.EventNameTooLong => EventNameTooLong,
        Refusal.InvalidKey => InvalidKey,
        Refusal.NotSubscribed => NotSubscribed,
        Refusal.AlreadySubscribed => AlreadySubscribed,
        Refusal.Unavailable => Unavailable,
        Refusal.OutcomeUnknown => OutcomeUnknown,
        Refusal.UnknownChannel => UnknownChannel,
        _ => new JsonRpcError(-32603, "Internal error", $"refused: {refusal}"),
    };
}
