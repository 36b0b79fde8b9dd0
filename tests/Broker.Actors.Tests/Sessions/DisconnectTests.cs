using System.Reflection;
using System.Text;
using Broker.Actors.Sessions;

namespace Broker.Actors.Tests.Sessions;

public class DisconnectTests
{
    [Fact]
    public void Catalogue_NamesEveryEntryOnce()
    {
        var all = typeof(Disconnect).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(Disconnect))
            .Select(property => (Disconnect)property.GetValue(null)!);

        Disconnect.Catalogue.ShouldBe(all, ignoreOrder: true);
        Disconnect.Catalogue.Select(entry => entry.Code).ShouldBeUnique();
        Disconnect.Catalogue.ShouldAllBe(entry => Encoding.UTF8.GetByteCount(entry.Reason) <= 123);
        Disconnect.Catalogue.Where(entry => entry.Code is >= 3_000 and < 3_500).ShouldAllBe(entry => entry.MayReconnect);
        Disconnect.Catalogue.Where(entry => entry.Code is >= 3_500).ShouldAllBe(entry => !entry.MayReconnect);
    }
}
