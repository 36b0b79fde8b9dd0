using Broker.Actors.Loops;
using Broker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Actors.Tests.Loops;

public class LoopTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void IsCurrent_WhenOneThreadTurnsTwoLoops_IsTrueOfTheLastOnly()
    {
        using var one = NewLoop();
        using var two = NewLoop();
        one.IsCurrent.ShouldBeFalse();
        one.Turn(0);
        one.IsCurrent.ShouldBeTrue();
        two.Turn(0);

        one.IsCurrent.ShouldBeFalse();
        two.IsCurrent.ShouldBeTrue();
    }

    [Fact]
    public void IsCurrent_OnAnotherThread_IsFalse()
    {
        using var loop = NewLoop();
        loop.Turn(0);
        bool? isCurrent = null;
        var other = new Thread(() => isCurrent = loop.IsCurrent);   // a task might run on this very thread
        other.Start();
        other.Join();

        isCurrent.ShouldBe(false);
    }

    [Fact]
    public void Turn_WhenATimerThrows_FiresTheOthersAndHandlesMessages()
    {
        using var loop = NewLoop();
        var fired = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            var number = i;
            loop.Wheel.Set(
                new ActionTimer(() =>
                {
                    fired.Add(number);
                    if (number == 1)
                    {
                        throw new InvalidOperationException("A timer with a bug.");
                    }
                }),
                loop.NowMs,
                100);
        }

        var actor = new Listener(loop);
        actor.Tell("hello");
        _time.Advance(TimeSpan.FromSeconds(1));
        loop.Turn(0);

        fired.ShouldBe([0, 1, 2]);
        actor.Heard.ShouldBe(["hello"]);
    }

    [Fact]
    public void Turn_WhenAnActorThrowsAndItsFaultHandlerToo_DeliversTheOtherMessages()
    {
        using var loop = NewLoop();
        var actor = new Listener(loop) { Faults = _ => throw new InvalidOperationException("A bug in a bug.") };
        actor.Tell("one");
        actor.Tell(new InvalidOperationException("An actor with a bug."));
        actor.Tell("two");
        loop.Turn(0);

        actor.Heard.ShouldBe(["one", "two"]);
    }

    [Fact]
    public void Turn_WhenPhasesDeferMore_RunsThemInTheirOrder()
    {
        using var loop = NewLoop();
        var ran = new List<string>();
        loop.Defer(LoopPhase.Flush, new Work(() => ran.Add("flush")));
        loop.Defer(LoopPhase.Answers, new Work(() => ran.Add("answers")));
        loop.Defer(LoopPhase.Rooms, new Work(() =>
        {
            ran.Add("rooms");
            loop.Defer(LoopPhase.Drained, new Work(() => ran.Add("drained again")));
        }));
        loop.Defer(LoopPhase.Drained, new Work(() => ran.Add("drained")));
        loop.DeferToNextTick(new Work(() => ran.Add("next tick")));
        loop.Turn(0);
        loop.Turn(0);

        ran.ShouldBe(["drained", "rooms", "next tick", "answers", "drained again", "flush"]);
    }

    [Fact]
    public void Turn_WhenAPhasesWorkThrows_RunsTheRest()
    {
        using var loop = NewLoop();
        var ran = 0;
        loop.Defer(LoopPhase.Rooms, new Work(() => throw new InvalidOperationException("Work with a bug.")));
        loop.Defer(LoopPhase.Rooms, new Work(() => ran++));
        loop.Defer(LoopPhase.Flush, new Work(() => ran++));
        loop.Turn(0);

        ran.ShouldBe(2);
    }

    [Fact]
    public async Task Post_WhenTheLoopSleeps_WakesItEveryTime()
    {
        using var loop = new Loop(0, new EventPoller(), TimeProvider.System, NullLogger.Instance);
        loop.Start();
        var actor = new Listener(loop);
        for (var i = 0; i < 20_000; i++)
        {
            // Nothing else is in the inbox, so the loop is asleep or on its way there.
            var answered = new TaskCompletionSource();
            actor.Tell(answered);
            await answered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public void Stop_OnTheLoopItself_DoesNotWaitForItself()
    {
        using var loop = new Loop(0, new EventPoller(), TimeProvider.System, NullLogger.Instance);
        var stopped = new ManualResetEventSlim();
        loop.Start();
        var actor = new Listener(loop);
        actor.Tell(new Action(() =>
        {
            loop.Stop();
            stopped.Set();
        }));

        stopped.Wait(TimeSpan.FromSeconds(4)).ShouldBeTrue();
    }

    private Loop NewLoop() => new(0, new EventPoller(), _time, NullLogger.Instance);

    private sealed class ActionTimer(Action fire) : WheelTimer
    {
        protected internal override void Fire() => fire();
    }

    private sealed class Work(Action run) : IDeferred
    {
        public void Run() => run();
    }

    private sealed class Listener(Loop loop) : Actor(loop)
    {
        public List<string> Heard { get; } = [];

        public Action<Exception>? Faults { get; init; }

        protected override void Receive(object message)
        {
            switch (message)
            {
                case string text: Heard.Add(text); break;
                case Exception fault: throw fault;
                case Action action: action(); break;
                case TaskCompletionSource source: source.SetResult(); break;
            }
        }

        protected override void Faulted(Exception fault) => Faults?.Invoke(fault);
    }
}
