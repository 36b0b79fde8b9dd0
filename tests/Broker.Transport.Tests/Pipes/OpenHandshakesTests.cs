using Broker.TestKit;
using Broker.Transport.Pipes;

namespace Broker.Transport.Tests.Pipes;

public sealed class OpenHandshakesTests
{
    private readonly ManualTime _time = new();
    private readonly OpenHandshakes _open;
    private readonly List<string> _ended = [];

    public OpenHandshakesTests() => _open = new OpenHandshakes(max: 3, _time);

    [Fact]
    public void OneMoreThanThereMayBe_EndsTheOldest()
    {
        Half("a");
        Half("b");
        Half("c");

        Half("d");
        Half("e");

        _ended.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void WhatIsOver_MakesRoom()
    {
        Half("a").Dispose();
        Half("b");
        Half("c");

        Half("d");

        _ended.ShouldBeEmpty();
    }

    [Fact]
    public void OneThatNobodyHasLookedAt_StaysWhereThereAreHalves()
    {
        Begin("new");
        Half("a");
        Half("b");

        Half("c");
        Half("d");

        _ended.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void OneThatNobodyHasLookedAtForASecond_HasSaidNothing()
    {
        Begin("silent");
        Half("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        Half("b");

        Half("c");

        _ended.ShouldBe(["silent"]);
    }

    [Fact]
    public void SilentOnesAlone_EndByAge()
    {
        Begin("a");
        Begin("b");
        Begin("c");

        Begin("d");

        _ended.ShouldBe(["a"]);
    }

    [Fact]
    public void OneThatWasEnded_MayEndOnceMore()
    {
        var first = Half("a");
        Half("b");
        Half("c");
        Half("d");

        first.LookedAt();
        first.Dispose();
        Half("e");

        _ended.ShouldBe(["a", "b"]);
    }

    private OpenHandshakes.Handshake Begin(string name) => _open.Begin(() => _ended.Add(name));

    private OpenHandshakes.Handshake Half(string name)
    {
        var handshake = Begin(name);
        handshake.LookedAt();
        return handshake;
    }
}
