using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>What a channel's step wants done, as data, in order. The shard carries it out right after the step.</summary>
internal sealed class Effects
{
    private readonly List<Effect> _list = [];

    public List<Effect> All => _list;

    /// <summary>To the rooms of every interested node.</summary>
    public void Publish(ChannelEvent ordered) => _list.Add(new Effect(EffectKind.Publish, default, ordered, default));

    /// <summary>To the rooms of every interested node.</summary>
    public void ToRooms(RoomInput input) => _list.Add(new Effect(EffectKind.ToRooms, default, input, default));

    /// <summary>To one node's room.</summary>
    public void ToRoom(Incarnation node, RoomInput input) => _list.Add(new Effect(EffectKind.ToRoom, node, input, default));

    /// <summary>To the emitter, where it wants to know.</summary>
    public void Answer(ChannelInput.Emit emit, in EmitResult result)
    {
        if (emit.Origin is not null)
        {
            _list.Add(new Effect(EffectKind.Answer, default, emit, result));
        }
    }

    /// <summary>To whoever asked.</summary>
    public void Reply(object origin, object reply) => _list.Add(new Effect(EffectKind.Reply, default, origin, default, reply));

    public void Clear() => _list.Clear();

    internal enum EffectKind
    {
        Publish,
        ToRooms,
        ToRoom,
        Answer,
        Reply,
    }

    internal readonly record struct Effect(
        EffectKind Kind,
        Incarnation Node,
        object Subject,
        EmitResult Result,
        object? Reply = null);
}
