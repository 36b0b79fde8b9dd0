namespace Broker.Actors.Tokens;

/// <summary>Why a token is refused. All but <see cref="Invalid"/> are told only of tokens that are signed by one of the app's keys.</summary>
public enum TokenFault
{
    /// <summary>No token of this app: malformed, too large, forged, signed by an unknown key or in another way than its key's.</summary>
    Invalid,

    Expired,

    /// <summary>Its time has not come.</summary>
    NotYetValid,

    /// <summary>From another issuer or for another audience; of another user, for another channel or for another purpose than it is used for.</summary>
    Misplaced,
}
