using System.Diagnostics;

namespace Broker.Messages.Cluster;

/// <summary>
/// Items as bytes. A reader skips a kind that it does not know by its length.
/// <code>
/// item   := length:u32 kind:u8 shard:u16 term:i64 body      length counts the bytes after itself; shard 65535: none
/// text   := length:u16 utf8        block := length:u32 bytes        [x] := 0:u8 | 1:u8 x        x* := count:u32 x...
/// channel := app:text name:text    position := life:u64 term:i64 offset:i64    event := as EventCodec
/// member := user:text connections:u32 info:block
/// </code>
/// The bodies are as their methods below write them, field by field. A field is never moved: a change is a new kind.
/// </summary>
public static class NodeItemCodec
{
    /// <summary>Of what is said between nodes; in each batch.</summary>
    public const byte Version = 1;

    /// <summary>The smallest item, in bytes.</summary>
    public const int HeaderSize = 4 + 1 + 2 + 8;

    private const int NoShard = ushort.MaxValue;

    public static void Write(WireWriter writer, ItemHeader header, NodeItem item)
    {
        var start = writer.BeginBlock();
        writer.Byte((byte)KindOf(item));
        writer.UInt16(header.Shard?.Value ?? NoShard);
        writer.Int64(header.Term);
        switch (item)
        {
            case NodeItem.Emit emit: WriteEmit(writer, emit); break;
            case NodeItem.Interest interest: WriteInterest(writer, interest); break;
            case NodeItem.Uninterest uninterest: writer.Channel(uninterest.Channel); break;
            case NodeItem.Count count: WriteCount(writer, count); break;
            case NodeItem.Join join: WriteJoin(writer, join); break;
            case NodeItem.Leave leave: WriteLeave(writer, leave); break;
            case NodeItem.Repair repair: WriteRepair(writer, repair); break;
            case NodeItem.Recover recover: WriteRecover(writer, recover); break;
            case NodeItem.AskHistory ask: WriteAskHistory(writer, ask); break;
            case NodeItem.AskPresence ask: WriteAskPresence(writer, ask); break;
            case NodeItem.Held held: WriteHeld(writer, held); break;
            case NodeItem.FillDone done: writer.Int64(done.Number); break;
            case NodeItem.Holding holding: WriteHolding(writer, holding); break;
            case NodeItem.Fetched fetched: WriteFetched(writer, fetched); break;
            case NodeItem.Fetch fetch: WriteFetch(writer, fetch); break;
            case NodeItem.FillBegin begin: writer.Int64(begin.Number); break;
            case NodeItem.Filled filled: WriteFilled(writer, filled); break;
            case NodeItem.FillEnd end: writer.Int64(end.Number); break;
            case NodeItem.Forgotten forgotten: writer.Channel(forgotten.Channel); break;
            case NodeItem.AnnounceBegin or NodeItem.AnnounceEnd or NodeItem.HoldingsBegin or NodeItem.HoldingsEnd: break;
            case NodeItem.Collect or NodeItem.InPlace or NodeItem.Release or NodeItem.HandOver or NodeItem.Depose: break;
            case NodeItem.Emitted emitted: WriteEmitted(writer, emitted); break;
            case NodeItem.SendAgain again: writer.Channel(again.Channel); break;
            case NodeItem.Moved moved: WriteMoved(writer, moved); break;
            case NodeItem.Interested interested: WriteInterested(writer, interested); break;
            case NodeItem.Event ordered: WriteEvent(writer, ordered); break;
            case NodeItem.MemberCame came: WriteMemberCame(writer, came); break;
            case NodeItem.MemberWent went: WriteMemberWent(writer, went); break;
            case NodeItem.MemberList list: WriteMemberList(writer, list); break;
            case NodeItem.PullMembers pull: WritePullMembers(writer, pull); break;
            case NodeItem.MemberDigests digests: WriteMemberDigests(writer, digests); break;
            case NodeItem.MemberBuckets buckets: WriteMemberBuckets(writer, buckets); break;
            case NodeItem.JoinAnswered answered: WriteJoinAnswered(writer, answered); break;
            case NodeItem.Recovered recovered: WriteRecovered(writer, recovered); break;
            case NodeItem.History history: WriteHistory(writer, history); break;
            case NodeItem.Presence presence: WritePresence(writer, presence); break;
            case NodeItem.Ask ask: WriteAsk(writer, ask); break;
            case NodeItem.Answered answered: WriteAnswered(writer, answered); break;
            case NodeItem.Trace trace: writer.Text(trace.Traceparent); break;
            default: throw new UnreachableException();
        }

        writer.EndBlock(start);
    }

    /// <summary>The size of the item at the front, and its shard: what is needed to pass it on unread.</summary>
    /// <exception cref="InvalidDataException">Not a whole item.</exception>
    public static (int Size, ShardId? Shard) Peek(ReadOnlySpan<byte> source)
    {
        var reader = new WireReader(source);
        var size = reader.Int32() + 4;
        if (size < HeaderSize || size > source.Length)
        {
            throw new InvalidDataException("An item's length is wrong.");
        }

        reader.Byte();
        return (size, ShardOf(reader.UInt16()));
    }

    /// <summary>Reads the item at the front of <paramref name="source"/>; null when its kind is of a later release.</summary>
    /// <exception cref="InvalidDataException">Not an item.</exception>
    public static NodeItem? Read(ReadOnlySpan<byte> source, out ItemHeader header, out int size)
    {
        size = Peek(source).Size;
        var reader = new WireReader(source[4..size]);
        var kind = (NodeItemKind)reader.Byte();
        header = new ItemHeader(ShardOf(reader.UInt16()), reader.Int64());
        var item = ReadBody(ref reader, kind);
        return item is null || reader.Left == 0 ? item : throw new InvalidDataException($"Bytes behind the {kind}.");
    }

    private static NodeItem? ReadBody(ref WireReader reader, NodeItemKind kind) => kind switch
    {
        NodeItemKind.Emit => ReadEmit(ref reader),
        NodeItemKind.EmitExactly => ReadExactEmit(ref reader),
        NodeItemKind.Interest => new NodeItem.Interest(reader.Channel(), ReadOptionalPosition(ref reader), reader.Int32(), reader.Bool()),
        NodeItemKind.Uninterest => new NodeItem.Uninterest(reader.Channel()),
        NodeItemKind.Count => new NodeItem.Count(reader.Channel(), reader.Int32()),
        NodeItemKind.Join => new NodeItem.Join(reader.Channel(), reader.Int64(), reader.Text(), reader.Block().ToArray(), reader.Int64()),
        NodeItemKind.Leave => new NodeItem.Leave(reader.Channel(), reader.Int64(), reader.Text()),
        NodeItemKind.Repair => new NodeItem.Repair(reader.Channel(), reader.Position()),
        NodeItemKind.Recover => new NodeItem.Recover(reader.Channel(), reader.Position(), reader.Int64()),
        NodeItemKind.AskHistory => new NodeItem.AskHistory(
            reader.Channel(), ReadOptionalPosition(ref reader), reader.Int32(), reader.Bool(), reader.Int64()),
        NodeItemKind.AskPresence => new NodeItem.AskPresence(reader.Channel(), reader.Int64()),
        NodeItemKind.AnnounceBegin => new NodeItem.AnnounceBegin(),
        NodeItemKind.AnnounceEnd => new NodeItem.AnnounceEnd(),
        NodeItemKind.Held => new NodeItem.Held(reader.Channel(), reader.Int64()),
        NodeItemKind.FillDone => new NodeItem.FillDone(reader.Int64()),
        NodeItemKind.HoldingsBegin => new NodeItem.HoldingsBegin(),
        NodeItemKind.Holding => new NodeItem.Holding(
            reader.Channel(), reader.Position(), reader.Int64(), ReadBoundaries(ref reader), reader.Int64(), ReadNumbers(ref reader)),
        NodeItemKind.HoldingsEnd => new NodeItem.HoldingsEnd(),
        NodeItemKind.Fetched => ReadFetched(ref reader),
        NodeItemKind.Collect => new NodeItem.Collect(),
        NodeItemKind.InPlace => new NodeItem.InPlace(),
        NodeItemKind.Fetch => new NodeItem.Fetch(reader.Channel(), reader.Int64(), reader.Int64()),
        NodeItemKind.FillBegin => new NodeItem.FillBegin(reader.Int64()),
        NodeItemKind.Filled => ReadFilled(ref reader),
        NodeItemKind.FillEnd => new NodeItem.FillEnd(reader.Int64()),
        NodeItemKind.Forgotten => new NodeItem.Forgotten(reader.Channel()),
        NodeItemKind.Release => new NodeItem.Release(),
        NodeItemKind.HandOver => new NodeItem.HandOver(),
        NodeItemKind.Depose => new NodeItem.Depose(),
        NodeItemKind.Emitted => new NodeItem.Emitted(
            reader.Channel(), reader.Int64(), new EmitResult(ReadRefusal(ref reader), reader.Position(), reader.Int32())),
        NodeItemKind.SendAgain => new NodeItem.SendAgain(reader.Channel()),
        NodeItemKind.Moved => new NodeItem.Moved(reader.Bool() ? reader.Node() : null),
        NodeItemKind.Interested => ReadInterested(ref reader),
        NodeItemKind.Event => new NodeItem.Event(reader.Event(reader.Channel())),
        NodeItemKind.MemberCame => new NodeItem.MemberCame(reader.Channel(), ReadMember(ref reader)),
        NodeItemKind.MemberWent => new NodeItem.MemberWent(reader.Channel(), reader.Text()),
        NodeItemKind.MemberList => new NodeItem.MemberList(reader.Channel(), ReadMembers(ref reader), reader.Bool()),
        NodeItemKind.PullMembers => new NodeItem.PullMembers(reader.Channel(), ReadKey(ref reader), reader.Block().ToArray()),
        NodeItemKind.MemberDigests => ReadMemberDigests(ref reader),
        NodeItemKind.MemberBuckets => new NodeItem.MemberBuckets(
            reader.Channel(), ReadKey(ref reader), reader.Block().ToArray(), ReadMembers(ref reader), reader.Bool()),
        NodeItemKind.JoinAnswered => new NodeItem.JoinAnswered(reader.Channel(), reader.Int64(), ReadRefusal(ref reader)),
        NodeItemKind.Recovered => ReadRecovered(ref reader),
        NodeItemKind.History => ReadHistory(ref reader),
        NodeItemKind.Presence => new NodeItem.Presence(
            reader.Channel(), reader.Int64(), ReadRefusal(ref reader), ReadMembers(ref reader), reader.Int32(), reader.Int32(), reader.Bool()),
        NodeItemKind.Ask => new NodeItem.Ask(
            reader.Int64(), ReadKind(ref reader), reader.Text(), reader.OptionalText(), reader.Block().ToArray(), reader.Bool()),
        NodeItemKind.Answered => ReadAnswered(ref reader),
        NodeItemKind.Trace => new NodeItem.Trace(reader.Text()),
        _ => null,
    };

    private static NodeItemKind KindOf(NodeItem item) => item switch
    {
        NodeItem.Emit emit => IsExact(emit) ? NodeItemKind.EmitExactly : NodeItemKind.Emit,
        NodeItem.Interest => NodeItemKind.Interest,
        NodeItem.Uninterest => NodeItemKind.Uninterest,
        NodeItem.Count => NodeItemKind.Count,
        NodeItem.Join => NodeItemKind.Join,
        NodeItem.Leave => NodeItemKind.Leave,
        NodeItem.Repair => NodeItemKind.Repair,
        NodeItem.Recover => NodeItemKind.Recover,
        NodeItem.AskHistory => NodeItemKind.AskHistory,
        NodeItem.AskPresence => NodeItemKind.AskPresence,
        NodeItem.AnnounceBegin => NodeItemKind.AnnounceBegin,
        NodeItem.AnnounceEnd => NodeItemKind.AnnounceEnd,
        NodeItem.Held => NodeItemKind.Held,
        NodeItem.FillDone => NodeItemKind.FillDone,
        NodeItem.HoldingsBegin => NodeItemKind.HoldingsBegin,
        NodeItem.Holding => NodeItemKind.Holding,
        NodeItem.HoldingsEnd => NodeItemKind.HoldingsEnd,
        NodeItem.Fetched => NodeItemKind.Fetched,
        NodeItem.Collect => NodeItemKind.Collect,
        NodeItem.InPlace => NodeItemKind.InPlace,
        NodeItem.Fetch => NodeItemKind.Fetch,
        NodeItem.FillBegin => NodeItemKind.FillBegin,
        NodeItem.Filled => NodeItemKind.Filled,
        NodeItem.FillEnd => NodeItemKind.FillEnd,
        NodeItem.Forgotten => NodeItemKind.Forgotten,
        NodeItem.Release => NodeItemKind.Release,
        NodeItem.HandOver => NodeItemKind.HandOver,
        NodeItem.Depose => NodeItemKind.Depose,
        NodeItem.Emitted => NodeItemKind.Emitted,
        NodeItem.SendAgain => NodeItemKind.SendAgain,
        NodeItem.Moved => NodeItemKind.Moved,
        NodeItem.Interested => NodeItemKind.Interested,
        NodeItem.Event => NodeItemKind.Event,
        NodeItem.MemberCame => NodeItemKind.MemberCame,
        NodeItem.MemberWent => NodeItemKind.MemberWent,
        NodeItem.MemberList => NodeItemKind.MemberList,
        NodeItem.PullMembers => NodeItemKind.PullMembers,
        NodeItem.MemberDigests => NodeItemKind.MemberDigests,
        NodeItem.MemberBuckets => NodeItemKind.MemberBuckets,
        NodeItem.JoinAnswered => NodeItemKind.JoinAnswered,
        NodeItem.Recovered => NodeItemKind.Recovered,
        NodeItem.History => NodeItemKind.History,
        NodeItem.Presence => NodeItemKind.Presence,
        NodeItem.Ask => NodeItemKind.Ask,
        NodeItem.Answered => NodeItemKind.Answered,
        NodeItem.Trace => NodeItemKind.Trace,
        _ => throw new UnreachableException(),
    };

    private static ShardId? ShardOf(int number) => number == NoShard ? null : new ShardId(number);

    private static void WriteEmit(WireWriter writer, NodeItem.Emit emit)
    {
        writer.Channel(emit.Channel);
        writer.Int64(emit.Number);
        writer.Int64(emit.Before);
        writer.Int64(emit.LowestOpen);
        writer.OptionalText(emit.Name);
        writer.Bool(emit.Except is not null);
        if (emit.Except is { } except)
        {
            writer.Node(except.Node);
            writer.Int64(except.Number);
        }

        writer.Bool(emit.ExceptIsSubscriber);
        writer.Bool(emit.Key is not null);
        if (emit.Key is { } key)
        {
            writer.Text(key.Publisher);
            writer.Text(key.Key);
        }

        writer.Block(emit.Data.Span);
        if (IsExact(emit))
        {
            writer.Bool(emit.MustExist);
            writer.Block(emit.Verbatim.Span);
        }
    }

    /// <summary>Most emits say neither, and stay as they were.</summary>
    private static bool IsExact(NodeItem.Emit emit) => emit.MustExist || !emit.Verbatim.IsEmpty;

    private static NodeItem.Emit ReadExactEmit(ref WireReader reader) =>
        ReadEmit(ref reader) with { MustExist = reader.Bool(), Verbatim = reader.Block().ToArray() };

    private static NodeItem.Emit ReadEmit(ref WireReader reader)
    {
        var (channel, number, before, lowest, name) = (reader.Channel(), reader.Int64(), reader.Int64(), reader.Int64(), reader.OptionalText());
        SessionId? except = reader.Bool() ? new SessionId(reader.Node(), reader.Int64()) : null;
        var isSubscriber = reader.Bool();
        IdempotencyKey? key = reader.Bool() ? new IdempotencyKey(reader.Text(), reader.Text()) : null;
        return new NodeItem.Emit(channel, number, before, lowest, name, reader.Block().ToArray(), except, isSubscriber, key);
    }

    private static void WriteInterest(WireWriter writer, NodeItem.Interest interest)
    {
        writer.Channel(interest.Channel);
        WriteOptionalPosition(writer, interest.Have);
        writer.Int32(interest.Subscribers);
        writer.Bool(interest.KnowsMembers);
    }

    private static void WriteCount(WireWriter writer, NodeItem.Count count)
    {
        writer.Channel(count.Channel);
        writer.Int32(count.Subscribers);
    }

    private static void WriteJoin(WireWriter writer, NodeItem.Join join)
    {
        writer.Channel(join.Channel);
        writer.Int64(join.Session);
        writer.Text(join.UserId);
        writer.Block(join.Info.Span);
        writer.Int64(join.Ticket);
    }

    private static void WriteLeave(WireWriter writer, NodeItem.Leave leave)
    {
        writer.Channel(leave.Channel);
        writer.Int64(leave.Session);
        writer.Text(leave.UserId);
    }

    private static void WriteRepair(WireWriter writer, NodeItem.Repair repair)
    {
        writer.Channel(repair.Channel);
        writer.Position(repair.Have);
    }

    private static void WriteRecover(WireWriter writer, NodeItem.Recover recover)
    {
        writer.Channel(recover.Channel);
        writer.Position(recover.Since);
        writer.Int64(recover.Ticket);
    }

    private static void WriteAskHistory(WireWriter writer, NodeItem.AskHistory ask)
    {
        writer.Channel(ask.Channel);
        WriteOptionalPosition(writer, ask.Since);
        writer.Int32(ask.Limit);
        writer.Bool(ask.Backward);
        writer.Int64(ask.Ticket);
    }

    private static void WriteAskPresence(WireWriter writer, NodeItem.AskPresence ask)
    {
        writer.Channel(ask.Channel);
        writer.Int64(ask.Ticket);
    }

    private static void WriteEmitted(WireWriter writer, NodeItem.Emitted emitted)
    {
        writer.Channel(emitted.Channel);
        writer.Int64(emitted.Number);
        writer.Byte((byte)emitted.Result.Refusal);
        writer.Position(emitted.Result.Position);
        writer.Int32(emitted.Result.Receivers);
    }

    private static void WriteMoved(WireWriter writer, NodeItem.Moved moved)
    {
        writer.Bool(moved.Owner is not null);
        if (moved.Owner is { } owner)
        {
            writer.Node(owner);
        }
    }

    private static void WriteInterested(WireWriter writer, NodeItem.Interested interested)
    {
        writer.Channel(interested.Channel);
        writer.Position(interested.Position);
        writer.Int64(interested.LastTerm);
        WriteBoundaries(writer, interested.Boundaries);
        writer.Bool(interested.IsReset);
        WriteEvents(writer, interested.Events);
        writer.Bool(interested.HasMore);
        WriteOptionalPosition(writer, interested.Asked);
    }

    private static NodeItem.Interested ReadInterested(ref WireReader reader)
    {
        var (channel, position, lastTerm) = (reader.Channel(), reader.Position(), reader.Int64());
        var boundaries = ReadBoundaries(ref reader);
        return new NodeItem.Interested(channel, position, lastTerm, boundaries, reader.Bool(), ReadEvents(ref reader, channel), reader.Bool(), ReadOptionalPosition(ref reader));
    }

    private static void WriteHeld(WireWriter writer, NodeItem.Held held)
    {
        writer.Channel(held.Channel);
        writer.Int64(held.Offset);
    }

    private static void WriteHolding(WireWriter writer, NodeItem.Holding holding)
    {
        writer.Channel(holding.Channel);
        writer.Position(holding.Position);
        writer.Int64(holding.LastTerm);
        WriteBoundaries(writer, holding.Boundaries);
        writer.Int64(holding.FirstOffset);
        WriteNumbers(writer, holding.Numbers);
    }

    private static void WriteFetch(WireWriter writer, NodeItem.Fetch fetch)
    {
        writer.Channel(fetch.Channel);
        writer.Int64(fetch.From);
        writer.Int64(fetch.To);
    }

    private static void WriteFetched(WireWriter writer, NodeItem.Fetched fetched)
    {
        writer.Channel(fetched.Channel);
        WriteEvents(writer, fetched.Events);
        writer.Bool(fetched.HasMore);
    }

    private static NodeItem.Fetched ReadFetched(ref WireReader reader)
    {
        var channel = reader.Channel();
        return new NodeItem.Fetched(channel, ReadEvents(ref reader, channel), reader.Bool());
    }

    private static void WriteFilled(WireWriter writer, NodeItem.Filled filled)
    {
        writer.Channel(filled.Channel);
        writer.Position(filled.Position);
        writer.Int64(filled.LastTerm);
        WriteBoundaries(writer, filled.Boundaries);
        WriteNumbers(writer, filled.Numbers);
        WriteEvents(writer, filled.Events);
        writer.Bool(filled.HasMore);
    }

    private static NodeItem.Filled ReadFilled(ref WireReader reader)
    {
        var (channel, position, lastTerm) = (reader.Channel(), reader.Position(), reader.Int64());
        var (boundaries, numbers) = (ReadBoundaries(ref reader), ReadNumbers(ref reader));
        return new NodeItem.Filled(channel, position, lastTerm, boundaries, numbers, ReadEvents(ref reader, channel), reader.Bool());
    }

    private static void WriteBoundaries(WireWriter writer, IReadOnlyList<Boundary> boundaries)
    {
        writer.Int32(boundaries.Count);
        foreach (var boundary in boundaries)
        {
            writer.Int64(boundary.Term);
            writer.Int64(boundary.FirstOffset);
        }
    }

    private static Boundary[] ReadBoundaries(ref WireReader reader)
    {
        var boundaries = new Boundary[reader.Count(16)];
        for (var i = 0; i < boundaries.Length; i++)
        {
            boundaries[i] = new Boundary(reader.Int64(), reader.Int64());
        }

        return boundaries;
    }

    private static void WriteNumbers(WireWriter writer, IReadOnlyList<EmitId> numbers)
    {
        writer.Int32(numbers.Count);
        foreach (var number in numbers)
        {
            writer.Node(number.Node);
            writer.Int64(number.Number);
        }
    }

    private static EmitId[] ReadNumbers(ref WireReader reader)
    {
        var numbers = new EmitId[reader.Count(24)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = new EmitId(reader.Node(), reader.Int64());
        }

        return numbers;
    }

    private static void WriteEvent(WireWriter writer, NodeItem.Event ordered)
    {
        writer.Channel(ordered.Ordered.Channel);
        writer.Event(ordered.Ordered);
    }

    private static void WriteMemberCame(WireWriter writer, NodeItem.MemberCame came)
    {
        writer.Channel(came.Channel);
        WriteMember(writer, came.Member);
    }

    private static void WriteMemberWent(WireWriter writer, NodeItem.MemberWent went)
    {
        writer.Channel(went.Channel);
        writer.Text(went.UserId);
    }

    private static void WriteMemberList(WireWriter writer, NodeItem.MemberList list)
    {
        writer.Channel(list.Channel);
        WriteMembers(writer, list.Members);
        writer.Bool(list.HasMore);
    }

    private static void WriteJoinAnswered(WireWriter writer, NodeItem.JoinAnswered answered)
    {
        writer.Channel(answered.Channel);
        writer.Int64(answered.Ticket);
        writer.Byte((byte)answered.Refusal);
    }

    private static void WriteRecovered(WireWriter writer, NodeItem.Recovered recovered)
    {
        writer.Channel(recovered.Channel);
        writer.Int64(recovered.Ticket);
        writer.Bool(recovered.IsRecovered);
        WriteEvents(writer, recovered.Events);
        writer.Bool(recovered.HasMore);
    }

    private static NodeItem.Recovered ReadRecovered(ref WireReader reader)
    {
        var channel = reader.Channel();
        return new NodeItem.Recovered(channel, reader.Int64(), reader.Bool(), ReadEvents(ref reader, channel), reader.Bool());
    }

    private static void WriteHistory(WireWriter writer, NodeItem.History history)
    {
        writer.Channel(history.Channel);
        writer.Int64(history.Ticket);
        writer.Byte((byte)history.Refusal);
        writer.Position(history.Position);
        WriteEvents(writer, history.Events);
        writer.Bool(history.HasMore);
    }

    private static NodeItem.History ReadHistory(ref WireReader reader)
    {
        var channel = reader.Channel();
        return new NodeItem.History(
            channel, reader.Int64(), ReadRefusal(ref reader), reader.Position(), ReadEvents(ref reader, channel), reader.Bool());
    }

    private static void WritePresence(WireWriter writer, NodeItem.Presence presence)
    {
        writer.Channel(presence.Channel);
        writer.Int64(presence.Ticket);
        writer.Byte((byte)presence.Refusal);
        WriteMembers(writer, presence.Members);
        writer.Int32(presence.Connections);
        writer.Int32(presence.Subscribers);
        writer.Bool(presence.HasMore);
    }

    private static void WriteAsk(WireWriter writer, NodeItem.Ask ask)
    {
        writer.Int64(ask.Ticket);
        writer.Byte((byte)ask.Kind);
        writer.Text(ask.App);
        writer.OptionalText(ask.Channel);
        writer.Block(ask.Data.Span);
        writer.Bool(ask.OncePerClient);
    }

    private static void WriteAnswered(WireWriter writer, NodeItem.Answered answered)
    {
        writer.Int64(answered.Ticket);
        writer.Byte((byte)answered.Kind);
        writer.Int32(answered.Copies);
        writer.Int32(answered.Texts.Count);
        foreach (var text in answered.Texts)
        {
            writer.Text(text);
        }

        writer.Bool(answered.IsPartial);
    }

    private static NodeItem.Answered ReadAnswered(ref WireReader reader)
    {
        var (ticket, kind, copies) = (reader.Int64(), ReadKind(ref reader), reader.Int32());
        var texts = new string[reader.Count(2)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.Text();
        }

        return new NodeItem.Answered(ticket, kind, copies, texts, reader.Bool());
    }

    private static void WriteOptionalPosition(WireWriter writer, Position? position)
    {
        writer.Bool(position is not null);
        if (position is { } value)
        {
            writer.Position(value);
        }
    }

    private static Position? ReadOptionalPosition(ref WireReader reader) => reader.Bool() ? reader.Position() : null;

    private static void WriteEvents(WireWriter writer, IReadOnlyList<ChannelEvent> events)
    {
        writer.Int32(events.Count);
        foreach (var item in events)
        {
            writer.Event(item);
        }
    }

    private static ChannelEvent[] ReadEvents(ref WireReader reader, ChannelName channel)
    {
        var events = new ChannelEvent[reader.Count(46)];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = reader.Event(channel);
        }

        return events;
    }

    private static void WriteMember(WireWriter writer, Member member)
    {
        writer.Text(member.UserId);
        writer.Int32(member.Connections);
        writer.Block(member.Info.Span);
    }

    private static Member ReadMember(ref WireReader reader)
    {
        var (userId, connections) = (reader.Text(), reader.Int32());
        return new Member(userId, reader.Block().ToArray(), connections);
    }

    private static void WriteMembers(WireWriter writer, IReadOnlyList<Member> members)
    {
        writer.Int32(members.Count);
        foreach (var member in members)
        {
            WriteMember(writer, member);
        }
    }

    private static Member[] ReadMembers(ref WireReader reader)
    {
        var members = new Member[reader.Count(10)];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = ReadMember(ref reader);
        }

        return members;
    }

    private static void WritePullMembers(WireWriter writer, NodeItem.PullMembers pull)
    {
        writer.Channel(pull.Channel);
        WriteKey(writer, pull.Key);
        writer.Block([.. pull.Buckets]);
    }

    private static void WriteMemberDigests(WireWriter writer, NodeItem.MemberDigests digests)
    {
        writer.Channel(digests.Channel);
        WriteKey(writer, digests.Key);
        writer.Int32(digests.Sums.Count);
        foreach (var sum in digests.Sums)
        {
            writer.Int64(unchecked((long)sum));
        }
    }

    private static NodeItem.MemberDigests ReadMemberDigests(ref WireReader reader)
    {
        var (channel, key) = (reader.Channel(), ReadKey(ref reader));
        var sums = new ulong[reader.Count(8)];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = unchecked((ulong)reader.Int64());
        }

        return new NodeItem.MemberDigests(channel, key, sums);
    }

    private static void WriteMemberBuckets(WireWriter writer, NodeItem.MemberBuckets buckets)
    {
        writer.Channel(buckets.Channel);
        WriteKey(writer, buckets.Key);
        writer.Block([.. buckets.Buckets]);
        WriteMembers(writer, buckets.Members);
        writer.Bool(buckets.HasMore);
    }

    private static void WriteKey(WireWriter writer, DigestKey key)
    {
        writer.Int64(unchecked((long)key.First));
        writer.Int64(unchecked((long)key.Second));
    }

    private static DigestKey ReadKey(ref WireReader reader) => new(unchecked((ulong)reader.Int64()), unchecked((ulong)reader.Int64()));

    private static Refusal ReadRefusal(ref WireReader reader)
    {
        var refusal = (Refusal)reader.Byte();
        return Enum.IsDefined(refusal) ? refusal : Refusal.Unavailable;   // one of a later release
    }

    private static QuestionKind ReadKind(ref WireReader reader) => (QuestionKind)reader.Byte();
}
