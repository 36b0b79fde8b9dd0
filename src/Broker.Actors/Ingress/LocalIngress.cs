using System.Buffers;
using System.Diagnostics;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Shards;
using Broker.Actors.Tracing;
using Broker.Messages;

namespace Broker.Actors.Ingress;

/// <summary>The ingress of a node: hands emits to their shards and brings the answers back as tasks.</summary>
internal sealed class LocalIngress(LocalNode node) : IIngress
{
    public ValueTask<EmitResult> EmitAsync(Identity caller, ChannelName channel, string? name, ReadOnlyMemory<byte> data, string? key = null)
    {
        if (node.Access.Publish(caller, node.Access.Know(channel), proven: false, name, key) is not Refusal.None and var refusal)
        {
            node.Counters.EmitsRefused.Add(refusal);
            node.Counters.Met(refusal);
            return ValueTask.FromResult(EmitResult.Refused(refusal));
        }

        var span = StartPublish(channel);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(data.Length, 1));
        data.CopyTo(buffer);
        var origin = new Origin(span);
        var emit = new ChannelInput.Emit(
            channel,
            From: default,
            name,
            buffer.AsMemory(0, data.Length),
            Except: null,
            ExceptIsSubscriber: false,
            key is null ? null : new IdempotencyKey(caller.Publisher, key),
            origin,
            Call: null)
        {
            Cause = new Cause(node.Time.GetTimestamp(), TraceLink.Of(span)),
        };
        if (node.Shards.Of(channel).TryEmit(emit))
        {
            return new ValueTask<EmitResult>(origin.Task);
        }

        ShardActor.Release(emit);
        node.Counters.EmitsRefused.Add(Refusal.Unavailable);
        origin.Emitted(call: null, EmitResult.Refused(Refusal.Unavailable));
        return new ValueTask<EmitResult>(origin.Task);
    }

    public Task<NodeAnswer> AskAsync(Identity caller, NodeQuery query) => ChannelAccess.Ask(caller) is not Refusal.None and var refusal
        ? Task.FromResult<NodeAnswer>(new NodeAnswer.Refused(refusal))
        : node.Questions.AskAsync(query);

    public Task<HistoryPage> HistoryAsync(Identity caller, ChannelName channel, Position? since, int limit, bool backward)
    {
        if (node.Access.History(caller, node.Access.Know(channel), proven: false) is not Refusal.None and var refusal)
        {
            node.Counters.Met(refusal);
            return Task.FromResult(new HistoryPage(refusal, default, []));
        }

        var question = new Question<HistoryPage>();
        var bounded = Math.Clamp(limit, 0, node.SessionLimits.HistoryPage);
        node.Shards.Of(channel).Tell(new ShardMessage.History(channel, since, bounded, backward, question));
        return question.Task;
    }

    public Task<PresencePage> PresenceAsync(Identity caller, ChannelName channel)
    {
        if (ChannelAccess.Presence(caller, node.Access.Know(channel), proven: false) is not Refusal.None and var refusal)
        {
            node.Counters.Met(refusal);
            return Task.FromResult(new PresencePage(refusal, [], 0, 0));
        }

        var question = new Question<PresencePage>();
        node.Shards.Of(channel).Tell(new ShardMessage.Presence(channel, question));
        return question.Task;
    }

    /// <summary>A span under the caller's, to its answer; null where nobody traces. Not the caller's current one: it ends on a loop.</summary>
    private static Activity? StartPublish(ChannelName channel)
    {
        if (!BrokerTracing.Source.HasListeners() || Activity.Current is not { } caller)
        {
            return null;
        }

        var span = new TraceLink(caller.Context).Start("publish", ActivityKind.Producer, channel);
        Activity.Current = caller;
        return span;
    }

    private sealed class Origin : TaskCompletionSource<EmitResult>, IEmitOrigin
    {
        private readonly Activity? _span;

        public Origin(Activity? span)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _span = span;
        }

        public void Emitted(object? call, in EmitResult result)
        {
            if (_span is not null)
            {
                _span.SetStatus(result.Refusal == Refusal.None ? ActivityStatusCode.Unset : ActivityStatusCode.Error, result.Refusal.ToString());
                var current = Activity.Current;
                _span.Dispose();   // makes the caller's span the current one, which is not this loop's
                Activity.Current = current;
            }

            TrySetResult(result);
        }
    }

    private sealed class Question<TPage> : TaskCompletionSource<TPage>, IQuestion
    {
        public Question()
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
        }

        public void Answer(object page) => TrySetResult((TPage)page);
    }
}
