using System.Globalization;
using System.Text;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Tests.Sessions;

public class NameCacheTests
{
    [Fact]
    public void Get_OfANameAgain_GivesTheSameText()
    {
        var names = new NameCache("app");
        var first = names.Get("nüws"u8);

        first.ShouldBe(new ChannelName("app", "nüws"));
        names.Get("nüws"u8).Text.ShouldBeSameAs(first.Text);
    }

    [Fact]
    public void Get_OfMoreNamesThanItKeeps_GivesEveryOneRight()
    {
        var names = new NameCache("app");
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
        var names = new NameCache("app");
        names.Get(Encoding.UTF8.GetBytes(new string('x', 257)));

        names.Count.ShouldBe(0);
    }
}
