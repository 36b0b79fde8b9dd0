using Broker.Messages;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>Finds the error for what the core refuses.</summary>
internal static class WebRocketErrors
{
    public static WebRocketError Of(Refusal refusal, WebRocketDeed deed) => refusal switch
    {
        Refusal.Forbidden => WebRocketError.AccessDenied,
        Refusal.UnknownChannel => deed == WebRocketDeed.DirectSent ? WebRocketError.InvalidClient : WebRocketError.InvalidChannel,
        Refusal.InvalidChannel => deed == WebRocketDeed.Subscribed ? WebRocketError.InvalidName : WebRocketError.InvalidChannel,
        Refusal.EventNameTooLong => WebRocketError.InvalidPayload,
        Refusal.TooManySubscriptions => WebRocketError.TooManySubscriptions,
        Refusal.TooManyPublishes => WebRocketError.TooManyPublishes,
        Refusal.OutcomeUnknown => WebRocketError.OutcomeUnknown,
        _ => WebRocketError.Unavailable,
    };
}
