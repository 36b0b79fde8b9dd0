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
        names.Find(name).IsTooLong.ShouldBeFalse();
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
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Find_OfALongName_CountsItsBytes(int bytes, bool isTooLong)
    {
        var names = Names();

        names.Find(names.Get(Encoding.UTF8.GetBytes(new string('x', bytes - 2) + "ü"))).IsTooLong.ShouldBe(isTooLong);
    }

    private static NameCache Names() => new(
        "app",
        new Namespaces([new Namespace("app", "*")], [new Namespace("app", "secret-*") { Publish = Right.Nobody }]),
        maxNameBytes: 100);
}
