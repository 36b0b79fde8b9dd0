using System.Buffers;
using System.Text;
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
    private static readonly Identity Caller = new Identity.Backend("ingress");

    public ValueTask<EmitResult> EmitAsync(ChannelName channel, string? name, ReadOnlyMemory<byte> data, IdempotencyKey? key = null)
    {
        if (Check(channel, name, key) is not Refusal.None and var refusal)
        {
            return ValueTask.FromResult(EmitResult.Refused(refusal));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(data.Length, 1));
        data.CopyTo(buffer);
        var origin = new Origin();
        var emit = new ChannelInput.Emit(
            channel, From: default, name, buffer.AsMemory(0, data.Length), Except: null, ExceptIsSubscriber: false, key, origin, Call: null);
        if (node.Shards.Of(channel).TryEmit(emit))
        {
            return new ValueTask<EmitResult>(origin.Task);
        }

        ShardActor.Release(emit);
        return ValueTask.FromResult(EmitResult.Refused(Refusal.Unavailable));
    }

    public Task<NodeAnswer> AskAsync(NodeQuery query) => node.Questions.AskAsync(query);

    public Task<HistoryPage> HistoryAsync(ChannelName channel, Position? since, int limit, bool backward)
    {
        var question = new Question<HistoryPage>();
        node.Shards.Of(channel).Tell(new ShardMessage.History(channel, since, limit, backward, question));
        return question.Task;
    }

    public Task<PresencePage> PresenceAsync(ChannelName channel)
    {
        var question = new Question<PresencePage>();
        node.Shards.Of(channel).Tell(new ShardMessage.Presence(channel, question));
        return question.Task;
    }

    /// <summary>What no channel could keep, whoever emits it, and what not even a backend may emit.</summary>
    private Refusal Check(ChannelName channel, string? name, IdempotencyKey? key) =>
        node.Namespaces.Find(channel.App, channel.Text) is not { } rules ? Refusal.UnknownApp
        : !Namespace.Allows(rules.Publish, Caller, proven: false) ? Refusal.Forbidden
        : Encoding.UTF8.GetByteCount(channel.Text) > node.SessionLimits.ChannelNameBytes ? Refusal.InvalidChannel
        : name?.Length > node.SessionLimits.EventNameLength ? Refusal.EventNameTooLong
        : key is { } given && (given.Key.Length == 0 || Encoding.UTF8.GetByteCount(given.Key) > IdempotencyKey.MaxBytes) ? Refusal.InvalidKey
        : Refusal.None;

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
