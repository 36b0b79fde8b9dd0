using System.Diagnostics;
using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.Deployment;

/// <summary>What kubectl makes of a folder of cluster-config/k8s. It asks no cluster.</summary>
internal sealed class Rendered
{
    private static readonly JsonReaderOptions ManyValues = new() { AllowMultipleValues = true };

    private readonly JsonElement[] _objects;

    private Rendered(JsonElement[] objects) => _objects = objects;

    public IEnumerable<string> Kinds => _objects.Select(one => one.GetProperty("kind").GetString()!);

    /// <summary>The only object of a kind.</summary>
    public JsonElement this[string kind] => All(kind).ShouldHaveSingleItem();

    public JsonElement[] All(string kind) => [.. _objects.Where(one => one.GetProperty("kind").GetString() == kind)];

    public static async Task<Rendered> OfAsync(string folder)
    {
        var yaml = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(yaml, await KubectlAsync("kustomize", Path.Combine(Repository.Root, "cluster-config", "k8s", folder)));

            // An annotation that changes nothing, for the sake of JSON.
            return new Rendered(Read(System.Text.Encoding.UTF8.GetBytes(
                await KubectlAsync("annotate", "--local", "--filename", yaml, "--output", "json", "rendered=yes"))));
        }
        finally
        {
            File.Delete(yaml);
        }
    }

    private static JsonElement[] Read(byte[] json)
    {
        var reader = new Utf8JsonReader(json, ManyValues);
        var objects = new List<JsonElement>();
        while (reader.Read())
        {
            objects.Add(JsonElement.ParseValue(ref reader));
        }

        return [.. objects];
    }

    private static async Task<string> KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["KUBECONFIG"] = "/dev/null";
        using var kubectl = Process.Start(start)!;
        var errors = kubectl.StandardError.ReadToEndAsync();
        var output = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        kubectl.ExitCode.ShouldBe(0, await errors);
        return output;
    }
}
