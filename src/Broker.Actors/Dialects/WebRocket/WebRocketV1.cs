using System.Diagnostics;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>Version 1, release 0.2.0: docs/webrocket.md, Version 1.</summary>
internal sealed class WebRocketV1 : WebRocketProtocol
{
    public static WebRocketV1 Instance { get; } = new();

    public override void Receive(WebRocketSession session, scoped in WebRocketRequest request)
    {
        if (request.Is("publish"u8))
        {
            session.Publish(request, isAnyJson: true);
        }
        else if (request.Is("subscribe"u8))
        {
            session.Subscribe(request.Channel);
        }
        else if (request.Is("unsubscribe"u8))
        {
            session.Unsubscribe(request.Channel);
        }
        else if (request.Is("auth"u8))
        {
            Authenticate(session, request);
        }
        else if (request.Is("logout"u8))
        {
            session.Forget(keepSubscriptions: true);
            session.Succeed(WebRocketDeed.LoggedOut);
        }
        else if (request.Is("disconnect"u8))
        {
            session.Succeed(WebRocketDeed.Disconnected);
            session.Leave();
        }
    }

    public override ReadOnlySpan<byte> Error(WebRocketError error) => error switch
    {
        WebRocketError.InvalidPayload => "{\"err\":\"invalid_data\"}"u8,
        WebRocketError.InvalidCredentials => "{\"err\":\"invalid_credentials\"}"u8,
        WebRocketError.InvalidName => "{\"err\":\"invalid_channel_name\"}"u8,
        WebRocketError.InvalidChannel => "{\"err\":\"invalid_channel\"}"u8,
        WebRocketError.AccessDenied => "{\"err\":\"access_denied\"}"u8,
        WebRocketError.TooManyAttempts => "{\"err\":\"too_many_attempts\"}"u8,
        WebRocketError.TooManySubscriptions => "{\"err\":\"too_many_subscriptions\"}"u8,
        WebRocketError.TooManyPublishes => "{\"err\":\"too_many_publishes\"}"u8,
        WebRocketError.Unavailable => "{\"err\":\"unavailable\"}"u8,
        WebRocketError.OutcomeUnknown => "{\"err\":\"outcome_unknown\"}"u8,
        _ => throw new UnreachableException(),   // version 2's
    };

    public override void Success(PayloadWriter payload, WebRocketDeed deed, ReadOnlySpan<byte> subject, string? client) =>
        payload.Write("{\"ok\":true}"u8);

    private static void Authenticate(WebRocketSession session, scoped in WebRocketRequest request)
    {
        var isReadOnly = Is(request.Access, HubKey.ReadOnly);
        if ((!isReadOnly && !Is(request.Access, HubKey.ReadWrite)) || request.Secret.IsMissing)
        {
            session.Refuse(WebRocketError.InvalidPayload);
            return;
        }

        var rights = session.Hub.Rights;
        if (session.TryUse(isReadOnly ? rights.ReadOnly : rights.ReadWrite, request.Secret, WebRocketError.InvalidCredentials))
        {
            session.Succeed(WebRocketDeed.Authenticated);
        }
    }

    private static bool Is(scoped in JsonValue value, string text) => value.TryGetString(out var given) && given == text;
}
