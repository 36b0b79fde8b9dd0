using Broker.Actors.Rights;

namespace Broker.Actors.Dialects.Native;

/// <summary>What a token for a single channel proves of that channel.</summary>
/// <param name="IsGiven">False where the request came without a token.</param>
/// <param name="UntilMs">Milliseconds since 1970 from when on it proves nothing.</param>
/// <param name="Info">What others see of the user in the channel; empty where it does not say.</param>
internal readonly record struct NativeProof(bool IsGiven, long UntilMs, ReadOnlyMemory<byte> Info)
{
    public static NativeProof None { get; } = new(IsGiven: false, Identity.Never, default);
}
