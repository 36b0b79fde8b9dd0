using Broker.Client.Protocol;

namespace Broker.Client.Requests;

/// <summary>A request that outlives connections. The outbox alone touches it.</summary>
/// <param name="isRepeatable">False of a publish, which the broker knows again for two minutes only.</param>
internal sealed class Request(long id, ReadOnlyMemory<byte> frame, bool isRepeatable)
{
    public long Id => id;

    public ReadOnlyMemory<byte> Frame => frame;

    public bool IsRepeatable => isRepeatable;

    /// <summary>When it was first sent without being refused since; null when it was not.</summary>
    public long? SentAt { get; set; }

    public TaskCompletionSource<NativeFrame> Answer { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
