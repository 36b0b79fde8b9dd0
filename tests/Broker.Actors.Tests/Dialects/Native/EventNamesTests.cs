using System.Text;
using Broker.Actors.Dialects.Native;

namespace Broker.Actors.Tests.Dialects.Native;

public sealed class EventNamesTests
{
    [Theory]
    [InlineData("moved")]
    [InlineData("")]
    [InlineData("gruß ☕ 😀")]
    public void Get_OfANameThatCameBefore_IsTheSameText(string name)
    {
        var names = new EventNames();
        var first = names.Get(Encoding.UTF8.GetBytes(name));
        first.ShouldBe(name);
        names.Get(Encoding.UTF8.GetBytes(name)).ShouldBeSameAs(first);
    }

    [Fact]
    public void Get_OfMoreNamesThanItKeeps_IsRight()
    {
        var names = new EventNames();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 5_000; i++)
            {
                names.Get(Encoding.UTF8.GetBytes($"event-{i}")).ShouldBe($"event-{i}");
            }
        }

        var longName = new string('x', 500);
        names.Get(Encoding.UTF8.GetBytes(longName)).ShouldBe(longName);
    }
}
