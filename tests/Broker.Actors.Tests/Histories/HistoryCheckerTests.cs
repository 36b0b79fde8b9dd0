using Broker.Messages;
using Broker.TestKit.Histories;

namespace Broker.Actors.Tests.Histories;

/// <summary>Made-up histories: each kind of violation is found, by its number, and what only looks like one is not.</summary>
public sealed class HistoryCheckerTests
{
    private const string Channel = "hist";
    private const string Live = "live";

    private static readonly HistoryRules Rules = new()
    {
        ClassOf = channel => channel == Live ? ChannelClass.Live : ChannelClass.History,
        ShardOf = _ => 0,
    };

    private static readonly HistoryRules Modest = Rules with { Promises = Promises.None };

    [Fact]
    public void CleanHistory_KeepsEveryPromise() => Check(Rules,
    [
        .. Whole(),
        new HistoryRecord.Disconnected(60, "r"),
        new HistoryRecord.Connected(70, "r", "n1"),
        new HistoryRecord.Emitting(80, "w", Channel, "c", Key: null),
        new HistoryRecord.Acknowledged(81, "w", Channel, "c", At(3, term: 2)),
        new HistoryRecord.Subscribing(90, "r", Channel, At(2)),
        new HistoryRecord.Subscribed(91, "r", Channel, At(3, term: 2), Recovered: true),
        Got(92, "r", At(3, term: 2), "c"),
        new HistoryRecord.FaultsEnded(100),
        new HistoryRecord.WindowListed(200, "r", Channel, [At(1), At(2), At(3, term: 2)], ["a", "b", "c"]),
        new HistoryRecord.Ended(10_000),
    ]);

    // I0

    [Fact]
    public void Emit_WithoutAnAnswer_IsFound() =>
        Check(Rules, [.. Whole(), new HistoryRecord.Emitting(50, "w", Channel, "x", Key: null), new HistoryRecord.Ended(99)], Invariant.Whole);

    [Fact]
    public void Emit_WhoseConnectionEnded_NeedsNoAnswer() => Check(Rules,
    [
        .. Whole(), new HistoryRecord.Emitting(50, "w", Channel, "x", Key: null), new HistoryRecord.Disconnected(51, "w"), new HistoryRecord.Ended(99),
    ]);

    [Fact]
    public void Subscribe_WithoutAnAnswer_IsFound() =>
        Check(Rules, [new HistoryRecord.Subscribing(1, "r", Channel, Since: null), new HistoryRecord.Ended(99)], Invariant.Whole);

    [Theory]
    [InlineData(6_500, false)]
    [InlineData(8_000, true)]
    public void Emit_WhenNothingIsBroken_IsTakenInTime(long answeredAtMs, bool isLate) => Check(Modest,
    [
        new HistoryRecord.FaultsEnded(0),
        new HistoryRecord.Emitting(6_100, "w", Channel, "x", Key: null),
        new HistoryRecord.Acknowledged(answeredAtMs, "w", Channel, "x", At(1)),
    ],
    isLate ? [Invariant.Whole] : []);

    [Fact]
    public void Emit_RefusedWhenNothingIsBroken_IsFound() => Check(Modest,
    [
        new HistoryRecord.FaultsEnded(0),
        new HistoryRecord.Emitting(6_100, "w", Channel, "x", Key: null),
        new HistoryRecord.Refused(6_101, "w", Channel, "x", MayHaveHappened: false),
    ],
    Invariant.Whole);

    [Fact]
    public void BugInANode_IsFound() => Check(Rules, [new HistoryRecord.Faulted(1, "n0", "a bug")], Invariant.Whole);

    // I1

    [Fact]
    public void TwoOwnersOfATerm_AreFound() =>
        Check(Rules, [new HistoryRecord.Owned(1, "n0", 0, 3), new HistoryRecord.Owned(2, "n1", 0, 3)], Invariant.OneOrderer);

    [Fact]
    public void OwnersOfSeveralTerms_AreRight() =>
        Check(Rules, [new HistoryRecord.Owned(1, "n0", 0, 3), new HistoryRecord.Owned(2, "n1", 0, 4), new HistoryRecord.Owned(3, "n1", 1, 3)]);

    [Fact]
    public void OrdererBesideTheOwner_IsFound() => Check(Rules,
    [
        new HistoryRecord.Owned(1, "n0", 0, 3), new HistoryRecord.Ordered(2, "n1", 0, 3, Channel, At(1, term: 3), "a"),
    ],
    Invariant.OneOrderer);

    [Fact]
    public void LowerTermBehindAHigherOne_IsFound() => Check(Rules,
    [
        .. Subscribed("r", At(0)), Got(3, "r", At(1, term: 2), "a"), Got(4, "r", At(2, term: 1), "b"),
    ],
    Invariant.OneOrderer);

    // I2

    [Fact]
    public void TwoEventsAtOnePlace_AreFound() => Check(Rules,
    [
        .. Subscribed("r", At(0)), .. Subscribed("q", At(0)), Got(3, "r", At(1), "a"), Got(4, "q", At(1), "b"),
    ],
    Invariant.SameEvent);

    [Fact]
    public void PlacesOfTwoTerms_AreTwo() => Check(Rules,
    [
        .. Subscribed("r", At(0)), .. Subscribed("q", At(0)), Got(3, "r", At(1, term: 1), "a"), Got(4, "q", At(1, term: 2), "b"),
    ]);

    [Fact]
    public void AcknowledgedPlaceOfAnotherEvent_IsFound() => Check(Modest,
    [
        .. Subscribed("r", At(0)), Got(3, "r", At(1), "a"), .. Emitted(4, "w", "b", At(1)),
    ],
    Invariant.SameEvent);

    // I3

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(2)]
    public void OffsetThatDoesNotFollow_IsFound(long offset)
    {
        HistoryRecord[] history = [.. Subscribed("r", At(0)), Got(3, "r", At(1), "a"), Got(4, "r", At(2), "b"), Got(5, "r", At(offset), offset == 1 ? "a" : offset == 2 ? "b" : "c")];

        Found(Rules, history).Contains(Invariant.NoSilentGap).ShouldBe(offset != 3);
    }

    [Fact]
    public void Gap_IsFound() => Check(Rules, [.. Subscribed("r", At(0)), Got(3, "r", At(2), "b")], Invariant.NoSilentGap);

    [Fact]
    public void AnotherLife_WithoutAWord_IsFound() =>
        Check(Rules, [.. Subscribed("r", At(4)), Got(3, "r", At(5, life: 9), "b")], Invariant.NoSilentGap);

    [Fact]
    public void Gap_AfterAReset_IsTold() =>
        Check(Rules, [.. Subscribed("r", At(0)), new HistoryRecord.Reset(2, "r", Channel, At(7, life: 9)), Got(3, "r", At(8, life: 9), "b")]);

    [Fact]
    public void Jump_OnALiveChannel_ShowsTheLoss() => Check(Rules,
    [
        new HistoryRecord.Subscribing(1, "r", Live, Since: null),
        new HistoryRecord.Subscribed(2, "r", Live, At(0), Recovered: false),
        new HistoryRecord.Received(3, "r", Live, At(1), "a"),
        new HistoryRecord.Received(4, "r", Live, At(5), "b"),
    ]);

    [Fact]
    public void StepBack_OnALiveChannel_IsFound() => Check(Rules,
    [
        new HistoryRecord.Subscribing(1, "r", Live, Since: null),
        new HistoryRecord.Subscribed(2, "r", Live, At(4), Recovered: false),
        new HistoryRecord.Received(4, "r", Live, At(3), "b"),
    ],
    Invariant.NoSilentGap);

    [Fact]
    public void EventWithoutASubscription_IsFound() => Check(Rules, [Got(3, "r", At(1), "a")], Invariant.NoSilentGap);

    [Fact]
    public void ReaderBehindAtTheEnd_IsFound()
    {
        HistoryRecord[] history =
        [
            .. Subscribed("r", At(0)), new HistoryRecord.FaultsEnded(10), .. Emitted(100, "w", "a", At(1)), new HistoryRecord.Ended(9_000),
        ];

        Found(Modest, history).ShouldContain(Invariant.NoSilentGap);
    }

    // I4

    [Fact]
    public void AcknowledgedEvent_MissingInAnUnbrokenRun_IsFound() => Check(Rules,
    [
        .. Subscribed("r", At(0)), .. Emitted(5, "w", "a", At(1)), Got(7, "r", At(1, term: 2), "b"), new HistoryRecord.Ended(99),
    ],
    Invariant.AcknowledgedStays);

    [Fact]
    public void AcknowledgedEvent_MissingInTheWindow_IsFound() => Check(Rules,
    [
        new HistoryRecord.FaultsEnded(1), .. Emitted(5, "w", "a", At(1)), new HistoryRecord.WindowListed(50, "r", Channel, [At(2)], ["b"]),
    ],
    Invariant.AcknowledgedStays);

    [Fact]
    public void AcknowledgedEvent_WhoseHoldersAllDied_MayBeLost() => Check(Rules,
    [
        new HistoryRecord.HoldersSet(0, 0, ["n0", "n1"]),
        .. Subscribed("r", At(0)),
        .. Emitted(5, "w", "a", At(1)),
        new HistoryRecord.Killed(6, "n0"),
        new HistoryRecord.Killed(6, "n1"),
        Got(7, "r", At(1, term: 2), "b"),
        new HistoryRecord.Ended(99),
    ]);

    [Fact]
    public void AcknowledgedEvent_WhoseStandbyLives_MayNot() => Check(Rules,
    [
        new HistoryRecord.HoldersSet(0, 0, ["n0", "n1"]),
        .. Subscribed("r", At(0)),
        .. Emitted(5, "w", "a", At(1)),
        new HistoryRecord.Killed(6, "n0"),
        Got(7, "r", At(1, term: 2), "b"),
        new HistoryRecord.Ended(99),
    ],
    Invariant.AcknowledgedStays);

    [Theory]
    [InlineData(1, 2, 3, false)]   // the beginning is gone
    [InlineData(3, 1, 2, false)]   // the end of the term
    [InlineData(2, 1, 3, true)]    // what lies between
    public void AcknowledgedEvent_ThatIsGoneWhereThatMayBe_IsFoundBetweenOthers(long lost, long kept, long other, bool isFound)
    {
        HistoryRecord[] history =
        [
            .. Emitted(1, "w", "a", At(lost)), new HistoryRecord.FaultsEnded(5), new HistoryRecord.WindowListed(9, "r", Channel, [At(kept), At(other)], ["x", "y"]),
        ];

        Found(Modest, history).Contains(Invariant.AcknowledgedStays).ShouldBe(isFound);
        Found(Rules, history).ShouldContain(Invariant.AcknowledgedStays);
    }

    [Fact]
    public void Break_BehindAnAcknowledgedEvent_IsFound()
    {
        HistoryRecord[] history =
        [
            .. Subscribed("r", At(0)), .. Emitted(5, "w", "a", At(1)), Got(7, "r", At(1), "a"), new HistoryRecord.Reset(8, "r", Channel, At(0, life: 9)),
        ];

        Check(Rules, history, Invariant.AcknowledgedStays);
        Check(Modest, history);
    }

    [Fact]
    public void Break_BehindAnEventThatNobodyVouchedFor_IsRight() => Check(Rules,
    [
        .. Subscribed("r", At(0)), Got(7, "r", At(1), "a"), new HistoryRecord.Reset(8, "r", Channel, At(0, life: 9)),
    ]);

    // I5

    [Fact]
    public void EventsOfASession_InAnotherOrder_AreFound() => Check(Rules,
    [
        .. Subscribed("r", At(0)),
        new HistoryRecord.Emitting(3, "w", Channel, "a", Key: null),
        new HistoryRecord.Emitting(4, "w", Channel, "b", Key: null),
        Got(5, "r", At(1), "b"),
        Got(6, "r", At(2), "a"),
    ],
    Invariant.InOrder);

    [Fact]
    public void RepeatedEmit_MayStandWhereItsRepeatStood() => Check(Rules,
    [
        .. Subscribed("r", At(0)),
        new HistoryRecord.Emitting(3, "w", Channel, "a", "k"),
        new HistoryRecord.Emitting(4, "w", Channel, "b", Key: null),
        new HistoryRecord.Emitting(5, "w", Channel, "a", "k"),
        Got(6, "r", At(1), "b"),
        Got(7, "r", At(2), "a"),
    ]);

    [Fact]
    public void EventsOfTwoSessions_HaveNoOrder() => Check(Rules,
    [
        .. Subscribed("r", At(0)),
        new HistoryRecord.Emitting(3, "w", Channel, "a", Key: null),
        new HistoryRecord.Connected(4, "w", "n1"),
        new HistoryRecord.Emitting(4, "w", Channel, "b", Key: null),
        Got(5, "r", At(1), "b"),
        Got(6, "r", At(2), "a"),
    ]);

    // I6

    [Fact]
    public void EventTwiceInARun_IsFound() =>
        Check(Rules, [.. Subscribed("r", At(0)), Got(5, "r", At(1), "a"), Got(6, "r", At(2), "a")], Invariant.Once);

    [Fact]
    public void EventTwiceInTheWindow_IsFound() =>
        Check(Rules, [new HistoryRecord.WindowListed(5, "r", Channel, [At(1), At(2)], ["a", "a"])], Invariant.Once);

    [Fact]
    public void RepeatAcknowledgedElsewhere_IsFound() => Check(Rules, [.. Emitted(1, "w", "a", At(1)), .. Emitted(5, "w", "a", At(2))], Invariant.Once);

    [Fact]
    public void RepeatAcknowledgedInAnotherLife_IsFoundWhereKeysOutliveAnOwner()
    {
        HistoryRecord[] history = [.. Emitted(1, "w", "a", At(1)), .. Emitted(5, "w", "a", At(1, life: 9))];

        Check(Rules, history, Invariant.Once);
        Check(Modest, history);
    }

    // I7

    [Fact]
    public void RecoveryWithAHole_IsFound() => Check(Rules,
    [
        .. Subscribed("r", At(1)),
        new HistoryRecord.Disconnected(3, "r"),
        new HistoryRecord.Subscribing(4, "r", Channel, At(1)),
        new HistoryRecord.Subscribed(5, "r", Channel, At(3), Recovered: true),
        Got(6, "r", At(3), "c"),
    ],
    Invariant.RecoveredIsComplete);

    [Fact]
    public void RecoveryIntoAnotherLife_IsFound() => Check(Rules,
    [
        new HistoryRecord.Subscribing(4, "r", Channel, At(1)), new HistoryRecord.Subscribed(5, "r", Channel, At(3, life: 9), Recovered: true),
    ],
    Invariant.RecoveredIsComplete);

    [Fact]
    public void RecoveryFromAheadOfTheStream_IsFound() => Check(Rules,
    [
        new HistoryRecord.Subscribing(4, "r", Channel, At(5)), new HistoryRecord.Subscribed(5, "r", Channel, At(3), Recovered: true),
    ],
    Invariant.RecoveredIsComplete);

    [Fact]
    public void RecoveryThatLacksAnAcknowledgedEvent_IsFound() => Check(Rules,
    [
        .. Subscribed("r", At(0)),
        .. Emitted(3, "w", "a", At(1)),
        new HistoryRecord.Disconnected(3, "r"),
        new HistoryRecord.Subscribing(4, "r", Channel, At(0)),
        new HistoryRecord.Subscribed(5, "r", Channel, At(0), Recovered: true),
        new HistoryRecord.Ended(99),
    ],
    Invariant.RecoveredIsComplete);

    // I8

    [Fact]
    public void MembersAtTheEnd_ThatAreNotTheTrueOnes_AreFound() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.FaultsEnded(10), new HistoryRecord.MembersListed(6_010, "r", Channel, []),
    ],
    Invariant.MembersAreTrue);

    [Fact]
    public void Ghost_IsFound() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.Leaving(5, "v", Channel, "u", IsLost: true), new HistoryRecord.FaultsEnded(10),
        new HistoryRecord.MembersListed(6_010, "r", Channel, ["u"]),
    ],
    Invariant.MembersAreTrue);

    [Fact]
    public void Members_WhileTheyMaySettle_AreNotLookedAt() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.FaultsEnded(10), new HistoryRecord.MembersListed(6_000, "r", Channel, []),
    ]);

    [Fact]
    public void JoinTwiceInARow_IsFound() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.MemberJoined(2, "r", Channel, "u"),
        new HistoryRecord.Leaving(3, "v", Channel, "u", IsLost: false), .. Entered(4, "v", "u"), new HistoryRecord.MemberJoined(5, "r", Channel, "u"),
    ],
    Invariant.MembersAreTrue);

    [Fact]
    public void LeaveOfWhoIsHere_IsFound() =>
        Check(Rules, [.. Entered(1, "v", "u"), new HistoryRecord.MemberLeft(5_000, "r", Channel, "u")], Invariant.MembersAreTrue);

    [Fact]
    public void LeaveOfWhoIsBackWithinTheGrace_IsFound() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.Leaving(3, "v", Channel, "u", IsLost: true), .. Entered(900, "v", "u"),
        new HistoryRecord.MemberLeft(3_500, "r", Channel, "u"), new HistoryRecord.MemberJoined(3_501, "r", Channel, "u"),
    ],
    Invariant.MembersAreTrue);

    [Fact]
    public void LeaveOfWhoCameBackTooLate_IsRight() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.Leaving(3, "v", Channel, "u", IsLost: true), .. Entered(2_900, "v", "u"),
        new HistoryRecord.MemberLeft(3_500, "r", Channel, "u"), new HistoryRecord.MemberJoined(3_501, "r", Channel, "u"),
    ]);

    [Fact]
    public void LeaveOfOneOfTwoConnections_IsFound() => Check(Rules,
    [
        .. Entered(1, "v", "u"), .. Entered(1, "q", "u"), new HistoryRecord.Leaving(3, "v", Channel, "u", IsLost: false),
        new HistoryRecord.MemberLeft(4, "r", Channel, "u"),
    ],
    Invariant.MembersAreTrue);

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(6_000, false)]
    public void LeaveOfWhoseNodeStoodStill_IsRightIfItWasForLong(long forMs, bool isWrong) => Check(Rules,
    [
        new HistoryRecord.Connected(0, "v", "n0"), .. Entered(1, "v", "u"), new HistoryRecord.Suspended(10, "n0"),
        new HistoryRecord.MemberLeft(1_900, "r", Channel, "u"), new HistoryRecord.Resumed(10 + forMs, "n0"),
    ],
    isWrong ? [Invariant.MembersAreTrue] : []);

    [Theory]
    [InlineData(1_900, true)]
    [InlineData(2_100, false)]
    public void LeaveOfWhoseNodeWasCutOff_IsRightIfItWasReadyTooLate(long afterMs, bool isWrong) => Check(Rules,
    [
        new HistoryRecord.Connected(0, "v", "n0"), .. Entered(1, "v", "u"), new HistoryRecord.Suspended(10, "n0"), new HistoryRecord.CutOff(10, "n0"),
        new HistoryRecord.Resumed(1_500, "n0"), new HistoryRecord.MemberLeft(1_800, "r", Channel, "u"), new HistoryRecord.CameBack(10 + afterMs, "n0"),
    ],
    isWrong ? [Invariant.MembersAreTrue] : []);

    [Fact]
    public void LongCut_IsOneAbsence() => Check(Rules,
    [
        new HistoryRecord.Connected(0, "v", "n0"), .. Entered(1, "v", "u"), new HistoryRecord.Suspended(10, "n0"), new HistoryRecord.CutOff(10, "n0"),
        new HistoryRecord.MemberLeft(1_800, "r", Channel, "u"), new HistoryRecord.MemberJoined(1_850, "r", Channel, "u"),
        new HistoryRecord.MemberLeft(1_900, "r", Channel, "u"), new HistoryRecord.Resumed(6_000, "n0"), new HistoryRecord.CameBack(6_500, "n0"),
    ],
    Invariant.MembersAreTrue);

    [Fact]
    public void LastNoticeThatIsNotTheTruth_IsFound() => Check(Rules,
    [
        .. Entered(1, "v", "u"), new HistoryRecord.MemberJoined(2, "r", Channel, "u"), new HistoryRecord.Leaving(3, "v", Channel, "u", IsLost: false),
        new HistoryRecord.FaultsEnded(10), new HistoryRecord.Ended(9_000),
    ],
    Invariant.MembersAreTrue);

    // I9

    [Fact]
    public void EventOfALowerTerm_BesideTheNewOne_IsFound() => Check(Rules,
    [
        new HistoryRecord.Fenced(1, "n1", 0, 2), new HistoryRecord.Delivered(2, "n1", 0, Channel, At(5, term: 1)),
        new HistoryRecord.Ordered(3, "n2", 0, 2, Channel, At(5, term: 2), "b"),
    ],
    Invariant.Fenced);

    [Fact]
    public void EventOfALowerTerm_BeforeTheNewOne_IsRight() => Check(Rules,
    [
        new HistoryRecord.Fenced(1, "n1", 0, 2), new HistoryRecord.Delivered(2, "n1", 0, Channel, At(4, term: 1)),
        new HistoryRecord.Ordered(3, "n2", 0, 2, Channel, At(5, term: 2), "b"),
    ]);

    // I10

    [Fact]
    public void BufferOverItsBound_IsFound() => Check(Rules, [new HistoryRecord.Measured(1, "n0", "link", 11, 10)], Invariant.Bounded);

    [Fact]
    public void BufferAtItsBound_IsRight() => Check(Rules, [new HistoryRecord.Measured(1, "n0", "link", 10, 10)]);

    // Parts of histories

    private static HistoryRecord[] Whole() =>
    [
        .. Subscribed("r", At(0)), .. Emitted(10, "w", "a", At(1)), Got(20, "r", At(1), "a"), .. Emitted(30, "w", "b", At(2)), Got(40, "r", At(2), "b"),
    ];

    private static HistoryRecord[] Subscribed(string client, Position at) =>
        [new HistoryRecord.Subscribing(1, client, Channel, Since: null), new HistoryRecord.Subscribed(2, client, Channel, at, Recovered: false)];

    private static HistoryRecord[] Emitted(long atMs, string client, string name, Position at) =>
        [new HistoryRecord.Emitting(atMs, client, Channel, name, "k"), new HistoryRecord.Acknowledged(atMs + 1, client, Channel, name, at)];

    private static HistoryRecord[] Entered(long atMs, string client, string user) =>
        [new HistoryRecord.Entering(atMs, client, Channel, user), new HistoryRecord.Entered(atMs + 1, client, Channel, user)];

    private static HistoryRecord.Received Got(long atMs, string client, Position at, string name) => new(atMs, client, Channel, at, name);

    private static Position At(long offset, long term = 1, ulong life = 7) => new(new Epoch(life, term), offset);

    private static void Check(HistoryRules rules, HistoryRecord[] history, params Invariant[] expected) => Found(rules, history).ShouldBe(expected);

    private static Invariant[] Found(HistoryRules rules, HistoryRecord[] history) =>
        [.. HistoryChecker.Check(history, rules).Select(violation => violation.Invariant)];
}
