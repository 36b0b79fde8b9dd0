using System.Globalization;
using Broker.Actors;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Node.Apps;

namespace Broker.Node.Health;

/// <summary>
/// Finds out whether the node does its work: for each loop, a session on it subscribes to a channel, and an event emitted
/// there must come back through shard and room. Questions asked at the same time share one answer.
/// </summary>
internal sealed class SelfDelivery(LocalNode node, TimeProvider time)
{
    /// <summary>What takes longer is as good as broken.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<string?>? _running;
    private long _probes;

    /// <summary>Null when every loop delivered; else what went wrong.</summary>
    public Task<string?> TryAsync()
    {
        lock (_gate)
        {
            if (_running is not { IsCompleted: false })
            {
                _running = ProbeAllAsync();
            }

#pragma warning disable VSTHRD003 // Shared among those who ask; it depends on nothing of theirs.
            return _running;
#pragma warning restore VSTHRD003
        }
    }

    private async Task<string?> ProbeAllAsync()
    {
        var failures = await Task.WhenAll(node.Loops.All.Select(ProbeAsync));
        return failures.FirstOrDefault(failure => failure is not null);
    }

    private async Task<string?> ProbeAsync(Loop loop)
    {
        var channel = string.Create(CultureInfo.InvariantCulture, $"probe-{loop.Index}-{Interlocked.Increment(ref _probes)}");
        var subscribed = new TaskCompletionSource<Refusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dialect = new ProbeDialect(channel, refusal => subscribed.TrySetResult(refusal));
        var transport = new ProbeTransport(loop, () => delivered.TrySetResult());
        SessionActor? session = null;
        try
        {
            await LoopCall.RunAsync(loop, () =>
            {
                session = node.Open(dialect, AppDirectory.Own, transport);
                session.Received("subscribe"u8, FrameKind.Text);
            }).WaitAsync(Limit, time);
            var refusal = await subscribed.Task.WaitAsync(Limit, time);
            if (refusal == Refusal.None)
            {
                refusal = (await EmitAsync(channel).WaitAsync(Limit, time)).Refusal;
            }

            if (refusal != Refusal.None)
            {
                return $"Loop {loop.Index} was refused: {refusal}.";
            }

            await delivered.Task.WaitAsync(Limit, time);
            return null;
        }
        catch (TimeoutException)
        {
            return $"Loop {loop.Index} did not deliver within {Limit.TotalSeconds} s.";
        }
        finally
        {
            _ = LoopCall.RunAsync(loop, () => session?.Closed(clean: true));
        }
    }

    private Task<EmitResult> EmitAsync(string channel) =>
        node.Ingress.EmitAsync(ProbeDialect.Caller, new ChannelName(AppDirectory.Own, channel), name: null, "0"u8.ToArray()).AsTask();
}
