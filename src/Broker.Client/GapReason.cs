namespace Broker.Client;

/// <summary>Why events may be missing.</summary>
public enum GapReason
{
    /// <summary>The connection was lost, and the broker no longer has all that came meanwhile.</summary>
    NotRecovered,

    /// <summary>The broker said that the stream broke.</summary>
    Reset,

    /// <summary>This reader fell behind by more than <see cref="SubscribeOptions.BufferedItems"/>; the oldest items were left out.</summary>
    Overflow,

    /// <summary>The numbers of the events have a hole that the broker said nothing of.</summary>
    Skipped,
}
