using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Actors.Rights;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>Version 2, the README of 24 November 2011: docs/webrocket.md, Version 2.</summary>
internal sealed class WebRocketV2 : WebRocketProtocol
{
    public static WebRocketV2 Instance { get; } = new();

    public override void Receive(WebRocketSession session, scoped in WebRocketRequest request)
    {
        if (request.Is("broadcast"u8))
        {
            session.Publish(request, isAnyJson: false);
        }
        else if (request.Is("subscribe"u8))
        {
            session.Subscribe(request.Channel);
        }
        else if (request.Is("unsubscribe"u8))
        {
            Unsubscribe(session, request);
        }
        else if (request.Is("authenticate"u8))
        {
            Authenticate(session, request);
        }
        else if (request.Is("direct"u8))
        {
            Direct(session, request);
        }
        else if (request.Is("logout"u8))
        {
            session.Forget(keepSubscriptions: false);
            session.Succeed(WebRocketDeed.LoggedOut, "true"u8);
        }
        else if (request.Is("disconnect"u8))
        {
            session.Leave();
        }
    }

    public override ReadOnlySpan<byte> Error(WebRocketError error) => error switch
    {
        WebRocketError.InvalidCredentials => "{\"err\":\"INVALID_CREDENTIALS\"}"u8,
        WebRocketError.InvalidUser => "{\"err\":\"INVALID_USER\"}"u8,
        WebRocketError.InvalidChannel => "{\"err\":\"INVALID_CHANNEL\"}"u8,
        WebRocketError.InvalidClient => "{\"err\":\"INVALID_CLIENT\"}"u8,
        WebRocketError.AccessDenied => "{\"err\":\"ACCESS_DENIED\"}"u8,
        WebRocketError.TooManyAttempts => "{\"err\":\"TOO_MANY_ATTEMPTS\"}"u8,
        WebRocketError.TooManySubscriptions => "{\"err\":\"TOO_MANY_SUBSCRIPTIONS\"}"u8,
        WebRocketError.TooManyPublishes => "{\"err\":\"TOO_MANY_PUBLISHES\"}"u8,
        WebRocketError.Unavailable => "{\"err\":\"UNAVAILABLE\"}"u8,
        WebRocketError.OutcomeUnknown => "{\"err\":\"OUTCOME_UNKNOWN\"}"u8,
        _ => "{\"err\":\"INVALID_PAYLOAD\"}"u8,
    };

    public override void Success(PayloadWriter payload, WebRocketDeed deed, ReadOnlySpan<byte> subject, string? client)
    {
        payload.Write(deed switch
        {
            WebRocketDeed.Authenticated => "{\"authenticated\":"u8,
            WebRocketDeed.Subscribed => "{\"subscribed\":"u8,
            WebRocketDeed.Unsubscribed => "{\"unsubscribed\":"u8,
            WebRocketDeed.Broadcasted => "{\"broadcasted\":"u8,
            WebRocketDeed.DirectSent => "{\"directSent\":"u8,
            _ => "{\"loggedOut\":"u8,
        });
        payload.Write(subject);
        if (client is not null)
        {
            payload.Write(",\"client\":"u8);
            payload.WriteText(client);
        }

        payload.Write("}"u8);
    }

    private static void Authenticate(WebRocketSession session, scoped in WebRocketRequest request)
    {
        if (!request.User.TryGetString(out var user) || !request.Secret.TryGetString(out _))
        {
            session.Refuse(WebRocketError.InvalidPayload);
        }
        else if (session.TryUse(session.Hub.Rights.Users.GetValueOrDefault(user), request.Secret, WebRocketError.InvalidUser))
        {
            session.Welcome(request.User.Raw);
        }
    }

    private static void Unsubscribe(WebRocketSession session, scoped in WebRocketRequest request)
    {
        if (request.Channel.IsString && request.Channel.Text.IsEmpty)
        {
            session.Refuse(WebRocketError.InvalidPayload);
        }
        else
        {
            session.Unsubscribe(request.Channel);
        }
    }

    private static void Direct(WebRocketSession session, scoped in WebRocketRequest request)
    {
        if (!session.Hub.Rights.HasDirect)
        {
            return;   // not an action
        }

        if (!session.Has(Permissions.Write))
        {
            session.Refuse(WebRocketError.AccessDenied);
        }
        else if (!session.TryReadName(request.Event, isAnyJson: false, out var name) || !request.Client.TryGetString(out var client))
        {
            session.Refuse(WebRocketError.InvalidPayload);
        }
        else
        {
            session.Send(client, name, request);
        }
    }
}
