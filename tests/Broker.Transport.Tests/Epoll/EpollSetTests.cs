using Broker.Transport.Epoll;

namespace Broker.Transport.Tests.Epoll;

public sealed class EpollSetTests
{
    [Fact]
    public void Wake_AfterTheSetIsDisposed_WritesNothingToWhoeverHasItsDescriptorNow()
    {
        var set = new EpollSet();
        set.Dispose();
        var folder = Directory.CreateTempSubdirectory();
        var files = Enumerable.Range(0, 8).Select(n => File.Create(Path.Combine(folder.FullName, $"{n}"))).ToArray();

        set.Wake();

        files.ShouldAllBe(file => file.Length == 0);
        Array.ForEach(files, file => file.Dispose());
        folder.Delete(recursive: true);
    }
}
