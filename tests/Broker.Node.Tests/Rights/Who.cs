namespace Broker.Node.Tests.Rights;

/// <summary>Everybody who may want something of a channel.</summary>
public enum Who
{
    /// <summary>Nobody in particular.</summary>
    Anonymous,

    /// <summary>By a token that proves no channel.</summary>
    User,

    /// <summary>By a token whose <c>channels</c> have the channel.</summary>
    UserWithGrant,

    /// <summary>By a token whose <c>channels</c> have others.</summary>
    UserWithGrantForAnother,

    /// <summary>Nobody in particular, with a token for the channel.</summary>
    AnonymousWithToken,

    /// <summary>A user with a token for the channel and that user.</summary>
    UserWithToken,

    /// <summary>A user with a token for another channel. It is refused for what it is, whatever the channel allows.</summary>
    UserWithTokenForAnother,

    /// <summary>A user with another user's token for the channel. The same.</summary>
    UserWithTokenOfAnother,

    /// <summary>A client of WebRocket that has not said who it is: there, nobody in particular may do nothing.</summary>
    NotAuthenticated,

    /// <summary>A user of a WebRocket hub who may read only.</summary>
    Reader,

    /// <summary>One who may write only.</summary>
    Writer,

    /// <summary>One who may do both.</summary>
    ReaderAndWriter,

    /// <summary>By an API key, or the token of RocketWS's message source.</summary>
    Backend,
}
