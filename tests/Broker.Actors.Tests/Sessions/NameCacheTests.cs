using System.Globalization;
using System.Text;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Tests.Sessions;

public class NameCacheTests
{
    [Fact]
    public void Get_OfANameAgain_GivesTheSameText()
    {
        var names = Names();
        var first = names.Get("nüws"u8);

        first.ShouldBe(new ChannelName("app", "nüws"));
        names.Get("nüws"u8).Text.ShouldBeSameAs(first.Text);
    }

    [Fact]
    public void Get_OfMoreNamesThanItKeeps_GivesEveryOneRight()
    {
        var names = Names();
        for (var i = 0; i < 40_000; i++)
        {
            var text = i.ToString(CultureInfo.InvariantCulture);
            names.Get(Encoding.UTF8.GetBytes(text)).Text.ShouldBe(text);
        }

        names.Count.ShouldBeLessThanOrEqualTo(16_384);
    }

    [Fact]
    public void Get_OfAVeryLongName_DoesNotKeepIt()
    {
        var names = Names();
        names.Get(Encoding.UTF8.GetBytes(new string('x', 257)));

        names.Count.ShouldBe(0);
    }

    [Fact]
    public void Find_OfTheNameAskedForLast_KnowsItsRules()
    {
        var names = Names();
        var name = names.Get("secret-1"u8);

        names.Find(name).Rules!.Publish.ShouldBe(Right.Nobody);
        names.Find(name).Refusal.ShouldBe(Refusal.None);
    }

    [Fact]
    public void Find_OfAnotherName_KnowsThatOnesRules()
    {
        var names = Names();
        names.Get("secret-1"u8);

        names.Find(new ChannelName("app", "open")).Rules!.Publish.ShouldBe(Right.Anonymous);
        names.Find(new ChannelName("other", "secret-1")).Rules.ShouldBeNull();
    }

    [Theory]
    [InlineData(100, Refusal.None)]
    [InlineData(101, Refusal.InvalidChannel)]
    public void Find_OfALongName_CountsItsBytes(int bytes, Refusal refusal)
    {
        var names = Names();

        names.Find(names.Get(Encoding.UTF8.GetBytes(new string('x', bytes - 2) + "ü"))).Refusal.ShouldBe(refusal);
    }

    private static NameCache Names() => new(
        "app",
        new ChannelAccess(
            new Namespaces([new Namespace("app", "*")], [new Namespace("app", "secret-*") { Publish = Right.Nobody }]),
            new SessionLimits { ChannelNameBytes = 100 }));
}
