using Broker.Actors.Channels;
using Broker.Actors.Presence;
using Broker.Messages;
using Broker.Messages.Cluster;
using static Broker.Actors.Tests.Channels.ChannelHarness;

namespace Broker.Actors.Tests.Channels;

public class ChannelActorTests
{
    private readonly ChannelHarness _channel = new();

    [Fact]
    public void Emit_AfterEmit_GetsTheNextOffsetAndNamesTheTermBefore()
    {
        for (var i = 1; i <= 3; i++)
        {
            _channel.NowMs++;
            _channel.Emit($"{i}").ShouldBe(new EmitResult(Refusal.None, new Position(new Epoch(7, 1), i), 0));
        }

        Offsets(_channel.Published).ShouldBe([1, 2, 3]);
        _channel.Published.Select(item => item.PreviousTerm).ShouldBe([0, 1, 1]);
        _channel.Published.Select(item => item.AtMs).ShouldBe([1_000_001, 1_000_002, 1_000_003]);
        _channel.Published.ShouldAllBe(item => item.Name == "e" && item.Channel == Name);
    }

    [Fact]
    public void Emit_WhenItIsTaken_IsPublishedBeforeItIsAnswered()
    {
        _channel.Emit();

        _channel.Effects.All.Select(effect => effect.Kind).ShouldBe([Effects.EffectKind.Publish, Effects.EffectKind.Answer]);
    }

    [Fact]
    public void Emit_WhenNobodyWantsToKnow_IsNotAnswered()
    {
        _channel.Emit(wantsAnswer: false);

        _channel.Answers.ShouldBeEmpty();
        _channel.Published.Count.ShouldBe(1);
    }

    [Fact]
    public void Emit_WithAKeyAgain_SharesTheFirstAnswerAndIsNotPublished()
    {
        var first = _channel.Emit("first", key: "k");
        _channel.Emit("between");
        _channel.Emit("second", key: "k").ShouldBe(first);

        Offsets(_channel.Published).ShouldBe([1, 2]);
        _channel.Published[0].Key.ShouldBe(new IdempotencyKey("u:ann", "k"));
    }

    [Fact]
    public void Emit_WithAKeyOfAnotherPublisher_IsAnotherEmit()
    {
        _channel.Emit("first", key: "k");
        _channel.Step(new ChannelInput.Emit(Name, default, "e", "2"u8.ToArray(), null, false, new IdempotencyKey("u:bob", "k"), null, null));

        Offsets(_channel.Published).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(IdempotencyKeys.AgeMs - 1, 1)]
    [InlineData(IdempotencyKeys.AgeMs, 2)]
    public void Emit_WithAKeyAgainAfterAWhile_IsAnotherEmitOnceTheKeyIsForgotten(long laterMs, long offset)
    {
        _channel.Emit("first", key: "k");
        _channel.NowMs += laterMs;

        _channel.Emit("second", key: "k").Position.Offset.ShouldBe(offset);
    }

    [Fact]
    public void Emit_OnALiveChannel_RemembersItsKeyAndKeepsNoHistory()
    {
        var channel = new ChannelHarness(new ChannelOptions { HistorySize = 0 });
        channel.Emit("1", key: "k").Position.Offset.ShouldBe(1);
        channel.Emit("2", key: "k").Position.Offset.ShouldBe(1);

        channel.History().Events.ShouldBeEmpty();
        channel.Budget.UsedBytes.ShouldBe(0);
    }

    [Fact]
    public void Emit_WhenNodesHaveSubscribers_TellsHowManyItGoesTo()
    {
        _channel.Interest(Here);
        _channel.Interest(There);
        _channel.Step(new ChannelInput.Count(Here, 3));
        _channel.Step(new ChannelInput.Count(There, 4));
        _channel.Emit().Receivers.ShouldBe(7);
        _channel.Emit(except: new SessionId(Here, 1), exceptCounts: true).Receivers.ShouldBe(6);
        _channel.Emit(except: new SessionId(Here, 1), exceptCounts: false).Receivers.ShouldBe(7);
        _channel.Step(new ChannelInput.Count(Here, 1));
        _channel.Emit().Receivers.ShouldBe(5);
        _channel.Step(new ChannelInput.Uninterest(There));
        _channel.Emit().Receivers.ShouldBe(1);
        _channel.Step(new ChannelInput.Count(There, 9));   // late, from a node that is not interested any more
        _channel.Emit().Receivers.ShouldBe(1);
        _channel.Step(new ChannelInput.NodeGone(Here));
        _channel.Emit(except: new SessionId(Here, 1), exceptCounts: true).Receivers.ShouldBe(0);
    }

    [Fact]
    public void Interest_WhenTheRoomHasNothing_IsToldThePositionAndNothingMissed()
    {
        _channel.Emit();
        var told = _channel.Interest(There);

        told.Position.ShouldBe(new Position(new Epoch(7, 1), 1));
        told.LastTerm.ShouldBe(1);
        told.Missed.ShouldBeEmpty();
        _channel.Channel.InterestedNodes.ShouldBe([There]);
    }

    [Fact]
    public void Interest_Again_TakesTheCountThatItBrings()
    {
        _channel.Interest(Here, subscribers: 1);
        _channel.Interest(There, subscribers: 5);
        _channel.Step(new ChannelInput.Count(Here, 4));
        _channel.Channel.Subscribers.ShouldBe(9);

        _channel.Interest(Here, subscribers: 3);

        _channel.Channel.Subscribers.ShouldBe(8);
    }

    [Fact]
    public void Interest_WhenTheRoomHasSome_IsGivenWhatItMissed()
    {
        for (var i = 0; i < 5; i++)
        {
            _channel.Emit();
        }

        Offsets(_channel.Interest(There, new Position(new Epoch(7, 1), 3)).Missed!).ShouldBe([4, 5]);
        _channel.Interest(There, new Position(new Epoch(7, 1), 5)).Missed.ShouldBeEmpty();
        _channel.Interest(There, new Position(new Epoch(8, 1), 3)).Missed.ShouldBeNull();
    }

    [Fact]
    public void Repair_OfANodeWithoutInterest_IsNotAnswered()
    {
        _channel.Emit();
        _channel.Effects.Clear();
        _channel.Step(new ChannelInput.Repair(There, new Position(new Epoch(7, 1), 0)));

        _channel.Effects.All.ShouldBeEmpty();
    }

    [Fact]
    public void Repair_OfAnInterestedNode_IsGivenWhatItLacksOrAReset()
    {
        _channel.Interest(There);
        _channel.Emit();
        _channel.Emit();
        _channel.Step(new ChannelInput.Repair(There, new Position(new Epoch(7, 1), 1)));
        Offsets(((RoomInput.Interested)_channel.Effects.All[^1].Subject).Missed!).ShouldBe([2]);
        _channel.Step(new ChannelInput.Repair(There, new Position(new Epoch(7, 9), 1)));

        ((RoomInput.Interested)_channel.Effects.All[^1].Subject).Missed.ShouldBeNull();
    }

    [Fact]
    public void Join_OfAUsersFirstConnection_IsToldToTheRooms()
    {
        _channel.Join(Here, 1, "ann", "\"a\"").ShouldBe(Refusal.None);
        _channel.Join(There, 2, "ann", "\"other\"").ShouldBe(Refusal.None);
        _channel.Join(Here, 3, "bob").ShouldBe(Refusal.None);

        _channel.ToRooms.Cast<RoomInput.MemberCame>().Select(came => came.Member.UserId).ShouldBe(["ann", "bob"]);
        var page = _channel.Presence();
        page.Connections.ShouldBe(3);
        page.Members.Count.ShouldBe(2);
        var ann = page.Members.Single(member => member.UserId == "ann");
        ann.Connections.ShouldBe(2);
        ann.Info.Span.SequenceEqual("\"a\""u8).ShouldBeTrue();   // the first connection's
    }

    [Fact]
    public void Join_OfTheSameConnectionTwice_CountsOnce()
    {
        _channel.Join(Here, 1, "ann");
        _channel.Join(Here, 1, "ann");
        _channel.Leave(Here, 1, "ann");

        _channel.Presence().Connections.ShouldBe(0);
        _channel.ToRooms.Count.ShouldBe(2);
    }

    [Fact]
    public void Join_AfterTheOwnersStateWasLost_IsNotToldToTheRooms()
    {
        _channel.Step(new ChannelInput.Join(new SessionId(Here, 1), "ann", default, Ticket: 0, IsAgain: true));

        _channel.ToRooms.ShouldBeEmpty();
        _channel.Presence().Members.Count.ShouldBe(1);
    }

    [Fact]
    public void Leave_OfAUsersLastConnection_IsToldToTheRooms()
    {
        _channel.Join(Here, 1, "ann");
        _channel.Join(There, 2, "ann");
        _channel.Leave(Here, 1, "ann");
        _channel.ToRooms.OfType<RoomInput.MemberWent>().ShouldBeEmpty();
        _channel.Leave(Here, 1, "ann");   // said twice
        _channel.ToRooms.OfType<RoomInput.MemberWent>().ShouldBeEmpty();
        _channel.Leave(There, 2, "ann");

        _channel.ToRooms.OfType<RoomInput.MemberWent>().Select(went => went.UserId).ShouldBe(["ann"]);
        _channel.Presence().Members.ShouldBeEmpty();
    }

    [Fact]
    public void Join_WhenTheChannelIsFull_IsRefusedExceptToThoseWhoAreIn()
    {
        var channel = new ChannelHarness(new ChannelOptions { MaxMembers = 2 });
        channel.Join(Here, 1, "ann").ShouldBe(Refusal.None);
        channel.Join(Here, 2, "bob").ShouldBe(Refusal.None);
        channel.Join(Here, 3, "cid").ShouldBe(Refusal.TooManyMembers);
        channel.Join(Here, 4, "bob").ShouldBe(Refusal.None);
        channel.Leave(Here, 3, "cid");
        channel.Leave(Here, 1, "ann");
        channel.Join(Here, 5, "cid").ShouldBe(Refusal.None);

        channel.Presence().Members.Select(member => member.UserId).Order(StringComparer.Ordinal).ShouldBe(["bob", "cid"]);
    }

    [Fact]
    public void PullMembers_IsAnsweredWithThoseBuckets_OrTheList_AndOnlyToWhoIsInterested()
    {
        var key = new DigestKey(1, 2);
        var bucket = new MemberDigest(key).BucketOf("ann");
        _channel.Join(Here, 1, "ann");
        _channel.Join(Here, 2, "bob");
        var before = _channel.Effects.All.Count;
        _channel.Step(new ChannelInput.PullMembers(There, key, [bucket]));
        _channel.Effects.All.Count.ShouldBe(before);
        _channel.Interest(There);

        _channel.Step(new ChannelInput.PullMembers(There, key, [bucket]));
        _channel.Effects.All[^1].Node.ShouldBe(There);
        _channel.Effects.All[^1].Subject.ShouldBeOfType<RoomInput.MemberBuckets>().Members.Select(member => member.UserId).ShouldBe(["ann"]);
        _channel.Step(new ChannelInput.PullMembers(There, key, MemberDigest.AllBuckets));
        _channel.Effects.All[^1].Subject.ShouldBeOfType<RoomInput.MemberList>().Members.Count.ShouldBe(2);
    }

    [Fact]
    public void NodeGone_WithMembers_TakesItsConnectionsAndNoOthers()
    {
        _channel.Join(There, 1, "ann");
        _channel.Join(Here, 2, "ann");
        _channel.Join(There, 3, "bob");
        _channel.Step(new ChannelInput.NodeGone(There));

        _channel.ToRooms.OfType<RoomInput.MemberWent>().Select(went => went.UserId).ShouldBe(["bob"]);
        _channel.Presence().Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, 100, false, "4 5 6 7 8")]
    [InlineData(null, 2, false, "4 5")]
    [InlineData(null, 0, false, "")]
    [InlineData(5L, 100, false, "6 7 8")]
    [InlineData(5L, 1, false, "6")]
    [InlineData(0L, 100, false, "4 5 6 7 8")]
    [InlineData(8L, 100, false, "")]
    [InlineData(9L, 100, false, "")]
    [InlineData(null, 100, true, "8 7 6 5 4")]
    [InlineData(null, 2, true, "8 7")]
    [InlineData(null, 0, true, "")]
    [InlineData(6L, 100, true, "5 4")]
    [InlineData(6L, 1, true, "5")]
    [InlineData(4L, 100, true, "")]
    [InlineData(2L, 100, true, "")]
    [InlineData(0L, 100, true, "")]
    [InlineData(9L, 100, true, "")]
    public void History_OfTheLastFiveOfEight_GivesTheAskedOnes(long? since, int limit, bool backward, string offsets)
    {
        var channel = new ChannelHarness(new ChannelOptions { HistorySize = 5 });
        for (var i = 0; i < 8; i++)
        {
            channel.Emit();
        }

        var page = channel.History(since is { } offset ? new Position(new Epoch(7, 1), offset) : null, limit, backward);

        string.Join(' ', Offsets(page.Events)).ShouldBe(offsets);
        page.Position.Offset.ShouldBe(8);
        page.Refusal.ShouldBe(Refusal.None);
    }

    [Fact]
    public void History_SinceAPositionOfAnotherLife_IsEmpty()
    {
        _channel.Emit();

        _channel.History(new Position(new Epoch(8, 1), 0)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void History_AfterTheWindowsAge_IsEmptyThoughTheStreamGoesOn()
    {
        _channel.Emit();
        _channel.NowMs += (5 * 60_000) + 1;
        _channel.History().Events.ShouldBeEmpty();

        _channel.History().Position.Offset.ShouldBe(1);
        _channel.Emit().Position.Offset.ShouldBe(2);
        _channel.Channel.Stream.Recover(new Position(new Epoch(7, 1), 1)).Recovered.ShouldBeTrue();
        _channel.Channel.Stream.Recover(new Position(new Epoch(7, 1), 0)).Recovered.ShouldBeFalse();
    }

    [Fact]
    public void IsForgettable_WhileAnythingIsLeft_IsFalse()
    {
        _channel.Channel.IsForgettable.ShouldBeTrue();
        _channel.Interest(Here);
        _channel.Channel.IsForgettable.ShouldBeFalse();
        _channel.Step(new ChannelInput.Uninterest(Here));
        _channel.Channel.IsForgettable.ShouldBeTrue();
        _channel.Join(Here, 1, "ann");
        _channel.Channel.IsForgettable.ShouldBeFalse();
        _channel.Leave(Here, 1, "ann");
        _channel.Channel.IsForgettable.ShouldBeTrue();
        _channel.Emit();
        _channel.Channel.IsForgettable.ShouldBeFalse();
        _channel.NowMs += 5 * 60_001;
        _channel.Step(ChannelInput.Expire.Instance);
        _channel.Channel.IsForgettable.ShouldBeTrue();
        _channel.Budget.UsedBytes.ShouldBe(0);
        var live = new ChannelHarness(new ChannelOptions { HistorySize = 0 });
        live.Emit(key: "k");
        live.Channel.IsForgettable.ShouldBeFalse();
        live.NowMs += IdempotencyKeys.AgeMs;
        live.Step(ChannelInput.Expire.Instance);
        live.Channel.IsForgettable.ShouldBeTrue();
    }
}
