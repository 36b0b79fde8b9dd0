namespace Broker.Actors.Dialects.WebRocket;

/// <summary>The versions of WebRocket that there are here; docs/webrocket.md tells them apart.</summary>
public enum WebRocketVersion
{
    /// <summary>Release 0.2.0: <c>auth</c>, <c>publish</c>, <c>{"ok":true}</c>.</summary>
    V1 = 1,

    /// <summary>The README after it: <c>authenticate</c>, <c>broadcast</c>, <c>{"subscribed":...}</c>.</summary>
    V2 = 2,
}
