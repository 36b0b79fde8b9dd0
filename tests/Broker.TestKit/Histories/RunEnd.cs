namespace Broker.TestKit.Histories;

/// <summary>Why a run is over.</summary>
internal enum RunEnd
{
    /// <summary>The client was still subscribed when the history ended.</summary>
    Open,

    /// <summary>The client went, or did not ask for what it missed.</summary>
    Left,

    /// <summary>The client was told that its stream broke.</summary>
    Broken,

    /// <summary>It broke without a word, which has been noted.</summary>
    Violated,
}
