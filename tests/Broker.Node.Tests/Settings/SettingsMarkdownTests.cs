using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Settings;

public sealed class SettingsMarkdownTests
{
    /// <summary>With BROKER_WRITE_DOCS=1 it writes the page instead of comparing it.</summary>
    [Fact]
    public async Task Page_SaysWhatTheOptionsSay()
    {
        var page = Path.Combine(Repository.Root, "docs", "settings.md");
        if (Environment.GetEnvironmentVariable("BROKER_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(page, SettingsMarkdown.Write());
        }

        (await File.ReadAllTextAsync(page)).ShouldBe(SettingsMarkdown.Write(), "docs/settings.md is old: run this test with BROKER_WRITE_DOCS=1");
    }
}
