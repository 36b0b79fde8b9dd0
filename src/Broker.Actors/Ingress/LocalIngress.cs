using System.Buffers;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Actors.Shards;
using Broker.Messages;

namespace Broker.Actors.Ingress;

/// <summary>The ingress of a node: hands emits to their shards and brings the answers back as tasks.</summary>
internal sealed class LocalIngress(LocalNode node) : IIngress
{
    public ValueTask<EmitResult> EmitAsync(Identity caller, ChannelName channel, string? name, ReadOnlyMemory<byte> data, string? key = null)
    {
        if (node.Access.Publish(caller, channel, proven: false, name, key) is not Refusal.None and var refusal)
        {
            return ValueTask.FromResult(EmitResult.Refused(refusal));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(data.Length, 1));
        data.CopyTo(buffer);
        var origin = new Origin();
        var emit = new ChannelInput.Emit(
            channel,
            From: default,
            name,
            buffer.AsMemory(0, data.Length),
            Except: null,
            ExceptIsSubscriber: false,
            key is null ? null : new IdempotencyKey(caller.Publisher, key),
            origin,
            Call: null);
        if (node.Shards.Of(channel).TryEmit(emit))
        {
            return new ValueTask<EmitResult>(origin.Task);
        }

        ShardActor.Release(emit);
        return ValueTask.FromResult(EmitResult.Refused(Refusal.Unavailable));
    }

    public Task<NodeAnswer> AskAsync(Identity caller, NodeQuery query) => ChannelAccess.Ask(caller) is not Refusal.None and var refusal
        ? Task.FromResult<NodeAnswer>(new NodeAnswer.Refused(refusal))
        : node.Questions.AskAsync(query);

    public Task<HistoryPage> HistoryAsync(Identity caller, ChannelName channel, Position? since, int limit, bool backward)
    {
        if (node.Access.History(caller, channel, proven: false) is not Refusal.None and var refusal)
        {
            return Task.FromResult(new HistoryPage(refusal, default, []));
        }

        var question = new Question<HistoryPage>();
        var bounded = Math.Clamp(limit, 0, node.SessionLimits.HistoryPage);
        node.Shards.Of(channel).Tell(new ShardMessage.History(channel, since, bounded, backward, question));
        return question.Task;
    }

    public Task<PresencePage> PresenceAsync(Identity caller, ChannelName channel)
    {
        if (node.Access.Presence(caller, channel, proven: false) is not Refusal.None and var refusal)
        {
            return Task.FromResult(new PresencePage(refusal, [], 0, 0));
        }

        var question = new Question<PresencePage>();
        node.Shards.Of(channel).Tell(new ShardMessage.Presence(channel, question));
        return question.Task;
    }

    private sealed class Origin : TaskCompletionSource<EmitResult>, IEmitOrigin
    {
        public Origin()
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
        }

        public void Emitted(object? call, in EmitResult result) => TrySetResult(result);
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
