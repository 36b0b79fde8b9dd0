using Broker.Messages.Cluster;

namespace Broker.Messages.Tests.Cluster;

public sealed class NodeItemCodecTests
{
    private static readonly ChannelName Channel = new("app", "room");
    private static readonly Incarnation Node = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
    private static readonly Position Position = new(new Epoch(0x0102030405060708, 3), 9);

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_OfEveryKind_IsAsItWasReleased(string name) =>
        Convert.ToHexStringLower(Bytes(Samples[name])).ShouldBe(Golden[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfEveryKindAsReleased_GivesItBack(string name)
    {
        var released = Convert.FromHexString(Golden[name]);

        var item = NodeItemCodec.Read(released, out var header, out var size);

        size.ShouldBe(released.Length);
        header.ShouldBe(new ItemHeader(new ShardId(258), 7));
        item!.GetType().ShouldBe(Samples[name].GetType());
        Bytes(item).ShouldBe(released);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfWhatBreaksOff_IsInvalid(string name)
    {
        var whole = Bytes(Samples[name]);
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Should.Throw<InvalidDataException>(() => NodeItemCodec.Read(cut, out _, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfChangedBytes_GivesAnItemOrIsInvalid(string name)
    {
        var random = new Random(7);
        var whole = Bytes(Samples[name]);
        for (var i = 0; i < 2_000; i++)
        {
            var changed = whole.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                NodeItemCodec.Read(changed, out _, out _);
            }
            catch (InvalidDataException)
            {
                // The only exception that garbage may cause.
            }
        }
    }

    [Fact]
    public void Read_OfAKindOfALaterRelease_SkipsIt()
    {
        byte[] later = [15, 0, 0, 0, 250, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];

        NodeItemCodec.Read(later, out var header, out var size).ShouldBeNull();

        size.ShouldBe(later.Length);
        header.ShouldBe(new ItemHeader(new ShardId(1), 9));
    }

    [Fact]
    public void Header_WithoutAShard_StaysWithout()
    {
        var writer = new WireWriter();
        NodeItemCodec.Write(writer, default, Samples["Ask"]);

        NodeItemCodec.Peek(writer.Written).Shard.ShouldBeNull();
        NodeItemCodec.Read(writer.Written, out var header, out _);
        header.Shard.ShouldBeNull();
    }

    [Fact]
    public void LinkHeader_AsItWasReleased_IsReadAndWritten()
    {
        const string released = "0103"
            + "33221100554477668899aabbccddeeff" + "00000000000000000000000000000000"
            + "0200000000000000" + "0300000000000000" + "0400000000000000" + "0500000000000000" + "0600000000000000";
        var header = new LinkHeader(Node, default, 2, 3, 4, 5, 6, HasGap: true, WantsAck: true);
        var writer = new WireWriter();
        header.Write(writer);

        Convert.ToHexStringLower(writer.Written).ShouldBe(released);
        writer.Length.ShouldBe(LinkHeader.Size);
        LinkHeader.Read(Convert.FromHexString(released)).ShouldBe(header);
        Should.Throw<InvalidDataException>(() => LinkHeader.Read(Convert.FromHexString(released[..40])));
        Should.Throw<InvalidDataException>(() => LinkHeader.Read(Convert.FromHexString("02" + released[2..])));
    }

    public static TheoryData<string> Names => [.. Samples.Keys];

    private static byte[] Bytes(NodeItem item)
    {
        var writer = new WireWriter();
        NodeItemCodec.Write(writer, new ItemHeader(new ShardId(258), 7), item);
        return writer.Written.ToArray();
    }

    private static readonly ChannelEvent Ordered = new()
    {
        Channel = Channel,
        Epoch = Position.Epoch,
        PreviousTerm = 2,
        Offset = 9,
        AtMs = 1_000,
        Name = "e",
        Data = "{}"u8.ToArray(),
        From = new EmitId(Node, 4),
    };

    private static readonly DigestKey Key = new(0x0102030405060708, 0x1112131415161718);
    private static readonly Member Member = new("ann", "1"u8.ToArray(), 2);

    private static readonly Dictionary<string, NodeItem> Samples = new()
    {
        ["Emit"] = new NodeItem.Emit(Channel, 5, 4, 3, "e", "{}"u8.ToArray(), new SessionId(Node, 6), true, new IdempotencyKey("p", "k")),
        ["EmitExactly"] = new NodeItem.Emit(Channel, 5, 4, 3, "e", default, null, false, null) { Verbatim = "{}"u8.ToArray(), MustExist = true },
        ["Interest"] = new NodeItem.Interest(Channel, Position, 7, KnowsMembers: true),
        ["Uninterest"] = new NodeItem.Uninterest(Channel),
        ["Count"] = new NodeItem.Count(Channel, 12),
        ["Join"] = new NodeItem.Join(Channel, 6, "ann", "1"u8.ToArray(), 8),
        ["Leave"] = new NodeItem.Leave(Channel, 6, "ann"),
        ["Repair"] = new NodeItem.Repair(Channel, Position),
        ["Recover"] = new NodeItem.Recover(Channel, Position, 8),
        ["AskHistory"] = new NodeItem.AskHistory(Channel, Since: null, 100, Backward: true, 8),
        ["AskPresence"] = new NodeItem.AskPresence(Channel, 8),
        ["AnnounceBegin"] = new NodeItem.AnnounceBegin(),
        ["AnnounceEnd"] = new NodeItem.AnnounceEnd(),
        ["Emitted"] = new NodeItem.Emitted(Channel, 5, new EmitResult(Refusal.None, Position, 3)),
        ["SendAgain"] = new NodeItem.SendAgain(Channel),
        ["Moved"] = new NodeItem.Moved(Node),
        ["Interested"] = new NodeItem.Interested(Channel, Position, 3, [new Boundary(3, 1)], IsReset: true, [Ordered], HasMore: true, Asked: Position),
        ["Event"] = new NodeItem.Event(Ordered),
        ["MemberCame"] = new NodeItem.MemberCame(Channel, Member),
        ["MemberWent"] = new NodeItem.MemberWent(Channel, "ann"),
        ["MemberList"] = new NodeItem.MemberList(Channel, [Member], HasMore: false),
        ["JoinAnswered"] = new NodeItem.JoinAnswered(Channel, 8, Refusal.TooManyMembers),
        ["Recovered"] = new NodeItem.Recovered(Channel, 8, IsRecovered: true, [Ordered], HasMore: false),
        ["History"] = new NodeItem.History(Channel, 8, Refusal.None, Position, [Ordered], HasMore: false),
        ["Presence"] = new NodeItem.Presence(Channel, 8, Refusal.None, [Member], 2, 3, HasMore: false),
        ["Ask"] = new NodeItem.Ask(8, QuestionKind.Broadcast, "app", Channel: null, "1"u8.ToArray(), OncePerClient: true),
        ["Answered"] = new NodeItem.Answered(8, QuestionKind.Channels, 2, ["a", "b"], IsPartial: true),
        ["Held"] = new NodeItem.Held(Channel, 9),
        ["FillDone"] = new NodeItem.FillDone(2),
        ["HoldingsBegin"] = new NodeItem.HoldingsBegin(),
        ["Holding"] = new NodeItem.Holding(Channel, Position, 3, [new Boundary(3, 1)], 4, [new EmitId(Node, 5)]),
        ["HoldingsEnd"] = new NodeItem.HoldingsEnd(),
        ["Fetched"] = new NodeItem.Fetched(Channel, [Ordered], HasMore: true),
        ["Collect"] = new NodeItem.Collect(),
        ["InPlace"] = new NodeItem.InPlace(),
        ["Fetch"] = new NodeItem.Fetch(Channel, 4, 9),
        ["FillBegin"] = new NodeItem.FillBegin(2),
        ["Filled"] = new NodeItem.Filled(Channel, Position, 3, [new Boundary(3, 1)], [new EmitId(Node, 5)], [Ordered], HasMore: false),
        ["FillEnd"] = new NodeItem.FillEnd(2),
        ["Forgotten"] = new NodeItem.Forgotten(Channel),
        ["Release"] = new NodeItem.Release(),
        ["HandOver"] = new NodeItem.HandOver(),
        ["Depose"] = new NodeItem.Depose(),
        ["PullMembers"] = new NodeItem.PullMembers(Channel, Key, [3, 255]),
        ["MemberDigests"] = new NodeItem.MemberDigests(Channel, Key, [0, 0xfedcba9876543210]),
        ["MemberBuckets"] = new NodeItem.MemberBuckets(Channel, Key, [3, 255], [Member], HasMore: true),
        ["Trace"] = new NodeItem.Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    };

    private static readonly Dictionary<string, string> Golden = new()
    {
        ["Emit"] =
            "59000000010201070000000000000003006170700400726f6f6d0500000000000000040000000000000003000000000000000101006501"
            + "33221100554477668899aabbccddeeff0600000000000000010101007001006b020000007b7d",
        ["EmitExactly"] =
            "40000000130201070000000000000003006170700400726f6f6d05000000000000000400000000000000030000000000000001010065"
            + "0000000000000001020000007b7d",
        ["Interest"] = "34000000020201070000000000000003006170700400726f6f6d010807060504030201030000000000000009000000000000000700000001",
        ["Uninterest"] = "16000000030201070000000000000003006170700400726f6f6d",
        ["Count"] = "1a000000040201070000000000000003006170700400726f6f6d0c000000",
        ["Join"] = "30000000050201070000000000000003006170700400726f6f6d06000000000000000300616e6e01000000310800000000000000",
        ["Leave"] = "23000000060201070000000000000003006170700400726f6f6d06000000000000000300616e6e",
        ["Repair"] = "2e000000070201070000000000000003006170700400726f6f6d080706050403020103000000000000000900000000000000",
        ["Recover"] =
            "36000000080201070000000000000003006170700400726f6f6d0807060504030201030000000000000009000000000000000800000000"
            + "000000",
        ["AskHistory"] = "24000000090201070000000000000003006170700400726f6f6d0064000000010800000000000000",
        ["AskPresence"] = "1e0000000a0201070000000000000003006170700400726f6f6d0800000000000000",
        ["AnnounceBegin"] = "0b0000000b02010700000000000000",
        ["AnnounceEnd"] = "0b0000000c02010700000000000000",
        ["Emitted"] =
            "3b000000200201070000000000000003006170700400726f6f6d0500000000000000000807060504030201030000000000000009000000"
            + "0000000003000000",
        ["SendAgain"] = "16000000210201070000000000000003006170700400726f6f6d",
        ["Moved"] = "1c00000022020107000000000000000133221100554477668899aabbccddeeff",
        ["Interested"] =
            "b4000000230201070000000000000003006170700400726f6f6d0807060504030201030000000000000009000000000000000300000000"
            + "00000001000000030000000000000001000000000000000101000000470000000105080706050403020103000000000000000200000000"
            + "0000000900000000000000e80300000000000033221100554477668899aabbccddeeff04000000000000000100657b7d0101080706050403"
            + "020103000000000000000900000000000000",
        ["Event"] =
            "61000000240201070000000000000003006170700400726f6f6d4700000001050807060504030201030000000000000002000000000000"
            + "000900000000000000e80300000000000033221100554477668899aabbccddeeff04000000000000000100657b7d",
        ["MemberCame"] = "24000000250201070000000000000003006170700400726f6f6d0300616e6e020000000100000031",
        ["MemberWent"] = "1b000000260201070000000000000003006170700400726f6f6d0300616e6e",
        ["MemberList"] = "29000000270201070000000000000003006170700400726f6f6d010000000300616e6e02000000010000003100",
        ["JoinAnswered"] = "1f000000280201070000000000000003006170700400726f6f6d080000000000000005",
        ["Recovered"] =
            "6f000000290201070000000000000003006170700400726f6f6d0800000000000000010100000047000000010508070605040302010300"
            + "00000000000002000000000000000900000000000000e80300000000000033221100554477668899aabbccddeeff040000000000000001"
            + "00657b7d00",
        ["History"] =
            "870000002a0201070000000000000003006170700400726f6f6d0800000000000000000807060504030201030000000000000009000000"
            + "00000000010000004700000001050807060504030201030000000000000002000000000000000900000000000000e80300000000000033"
            + "221100554477668899aabbccddeeff04000000000000000100657b7d00",
        ["Presence"] =
            "3a0000002b0201070000000000000003006170700400726f6f6d080000000000000000010000000300616e6e0200000001000000310200"
            + "00000300000000",
        ["Ask"] = "200000004002010700000000000000080000000000000001030061707000010000003101",
        ["Answered"] = "230000004102010700000000000000080000000000000002020000000200000001006101006201",
        ["Held"] = "1e0000000d0201070000000000000003006170700400726f6f6d0900000000000000",
        ["FillDone"] = "130000000e020107000000000000000200000000000000",
        ["HoldingsBegin"] = "0b0000000f02010700000000000000",
        ["Holding"] =
            "6e000000100201070000000000000003006170700400726f6f6d0807060504030201030000000000000009000000000000000300000000"
            + "000000010000000300000000000000010000000000000004000000000000000100000033221100554477668899aabbccddeeff05000000"
            + "00000000",
        ["HoldingsEnd"] = "0b0000001102010700000000000000",
        ["Fetched"] =
            "66000000120201070000000000000003006170700400726f6f6d0100000047000000010508070605040302010300000000000000020000"
            + "00000000000900000000000000e80300000000000033221100554477668899aabbccddeeff04000000000000000100657b7d01",
        ["Collect"] = "0b0000002c02010700000000000000",
        ["InPlace"] = "0b0000002d02010700000000000000",
        ["Fetch"] = "260000002e0201070000000000000003006170700400726f6f6d04000000000000000900000000000000",
        ["FillBegin"] = "130000002f020107000000000000000200000000000000",
        ["Filled"] =
            "b6000000300201070000000000000003006170700400726f6f6d0807060504030201030000000000000009000000000000000300000000"
            + "00000001000000030000000000000001000000000000000100000033221100554477668899aabbccddeeff050000000000000001000000"
            + "4700000001050807060504030201030000000000000002000000000000000900000000000000e803000000000000332211005544776688"
            + "99aabbccddeeff04000000000000000100657b7d00",
        ["FillEnd"] = "1300000031020107000000000000000200000000000000",
        ["Forgotten"] = "16000000320201070000000000000003006170700400726f6f6d",
        ["Release"] = "0b0000003302010700000000000000",
        ["HandOver"] = "0b0000003402010700000000000000",
        ["Depose"] = "0b0000004302010700000000000000",
        ["PullMembers"] = "2c000000140201070000000000000003006170700400726f6f6d080706050403020118171615141312110200000003ff",
        ["MemberDigests"] =
            "3a000000350201070000000000000003006170700400726f6f6d0807060504030201181716151413121102000000000000000000000010"
            + "32547698badcfe",
        ["MemberBuckets"] =
            "3f000000360201070000000000000003006170700400726f6f6d080706050403020118171615141312110200000003ff01000000030061"
            + "6e6e02000000010000003101",
        ["Trace"] =
            "440000004202010700000000000000370030302d30616637363531393136636434336464383434386562323131633830333139632d6237"
            + "61643662373136393230333333312d3031",
    };
}
