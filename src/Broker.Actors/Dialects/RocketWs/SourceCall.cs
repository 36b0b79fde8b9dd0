using Broker.Actors.Dialects.JsonRpc;
using Broker.Messages;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>What one request to the message source asks for.</summary>
internal abstract record SourceCall
{
    private SourceCall()
    {
    }

    /// <param name="Data">A piece of the request's body.</param>
    public sealed record Emit(ChannelName Channel, ReadOnlyMemory<byte> Data) : SourceCall;

    /// <param name="Data">A piece of the request's body.</param>
    public sealed record NotifyAll(ReadOnlyMemory<byte> Data) : SourceCall;

    /// <param name="Channel">Null for the subscriptions of all channels.</param>
    public sealed record TotalSubscribers(string? Channel) : SourceCall;

    public sealed record AvailableChannels : SourceCall;

    /// <param name="Json">The result, the same every time.</param>
    public sealed record Known(string Json) : SourceCall;

    public sealed record Failed(JsonRpcError Error) : SourceCall;
}
