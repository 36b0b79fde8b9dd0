namespace Broker.Actors.Dialects.Native;

/// <summary>What a subscriber wants to see: the version of its encoding.</summary>
internal static class NativeView
{
    public const int Events = 0;

    /// <summary>Also who comes and goes.</summary>
    public const int Members = 1;
}
