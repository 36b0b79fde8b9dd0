using System.Text.Json;

namespace Broker.Node.Tests.Deployment;

/// <summary>What cluster-config/k8s becomes, held against what the node does.</summary>
[Trait("Needs", "kubectl")]
public sealed class KustomizeTests
{
    private static readonly string[] Secrets = ["Broker__Cluster__PostgreSql", "Broker__Cluster__RabbitMq", "Broker__Admin__Token"];

    public static TheoryData<string> Folders => ["base", "overlays/example"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Folder_BringsEverythingButSecrets(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);

        new[] { "ServiceAccount", "ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler", "NetworkPolicy" }.ShouldBeSubsetOf(rendered.Kinds);
        rendered.Kinds.ShouldNotContain("Secret");
        var environment = Container(rendered).GetProperty("env").EnumerateArray().ToDictionary(variable => variable.GetProperty("name").GetString()!);
        foreach (var secret in Secrets)
        {
            environment[secret].TryGetProperty("value", out _).ShouldBeFalse();
            environment[secret].GetProperty("valueFrom").GetProperty("secretKeyRef").GetProperty("name").GetString().ShouldBe("broker-cluster");
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Settings_AreOnesThatTheNodeKnows(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);

        var settings = rendered["ConfigMap"].GetProperty("data").EnumerateObject().Select(one => (one.Name, one.Value.GetString()!))
            .Concat(Container(rendered).GetProperty("env").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)
                .Where(name => name.StartsWith("Broker__", StringComparison.Ordinal)).Select(name => (name, "http://broker.example.com")))
            .ToArray();

        settings.Length.ShouldBeGreaterThan(10);
        SettingsOf.Environment(settings).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Ports_AreThoseThatTheNodeListensOn(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);
        var settings = rendered["ConfigMap"].GetProperty("data");
        var ports = Container(rendered).GetProperty("ports").EnumerateArray()
            .ToDictionary(port => port.GetProperty("name").GetString()!, port => port.GetProperty("containerPort").GetInt32());

        settings.GetProperty("Broker__Listeners__0__Url").GetString().ShouldEndWith($":{ports["clients"]}");
        settings.GetProperty("Broker__Listeners__1__Url").GetString().ShouldEndWith($":{ports["operators"]}");
        foreach (var service in rendered.All("Service"))
        {
            var port = service.GetProperty("spec").GetProperty("ports").EnumerateArray().ShouldHaveSingleItem();
            ports.Keys.ShouldContain(port.GetProperty("targetPort").GetString());
        }

        rendered["NetworkPolicy"].GetProperty("spec").GetProperty("ingress").EnumerateArray()
            .SelectMany(rule => rule.GetProperty("ports").EnumerateArray()).Select(port => port.GetProperty("port").GetInt32())
            .Order().ShouldBe(ports.Values.Order());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Selectors_FindThePods(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);
        var spec = rendered["Deployment"].GetProperty("spec");
        var labels = Labels(spec.GetProperty("template").GetProperty("metadata").GetProperty("labels"));
        JsonElement[] selectors =
        [
            spec.GetProperty("selector").GetProperty("matchLabels"),
            rendered["PodDisruptionBudget"].GetProperty("spec").GetProperty("selector").GetProperty("matchLabels"),
            rendered["NetworkPolicy"].GetProperty("spec").GetProperty("podSelector").GetProperty("matchLabels"),
            .. rendered.All("Service").Select(service => service.GetProperty("spec").GetProperty("selector")),
            .. Pod(rendered).GetProperty("topologySpreadConstraints").EnumerateArray()
                .Select(constraint => constraint.GetProperty("labelSelector").GetProperty("matchLabels")),
        ];

        selectors.Length.ShouldBe(7);
        selectors.ShouldAllBe(selector => Labels(selector).Length > 0 && !Labels(selector).Except(labels).Any());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Pods_LeaveInGoodOrderAndWithinTheirTime(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);
        var command = Container(rendered).GetProperty("lifecycle").GetProperty("preStop").GetProperty("exec").GetProperty("command")
            .EnumerateArray().Select(word => word.GetString()!).ToArray();

        command[..4].ShouldBe(["/app/pbm", "cluster", "leave", "--wait"]);
        command[^2].ShouldBe("--timeout");
        var grace = Pod(rendered).GetProperty("terminationGracePeriodSeconds").GetInt32();
        int.Parse(command[^1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(45, grace - 10);
        var rolling = rendered["Deployment"].GetProperty("spec").GetProperty("strategy").GetProperty("rollingUpdate");
        rolling.GetProperty("maxUnavailable").GetInt32().ShouldBe(0);
        rendered["PodDisruptionBudget"].GetProperty("spec").GetProperty("maxUnavailable").GetInt32().ShouldBe(1);
        Container(rendered).GetProperty("readinessProbe").GetProperty("httpGet").GetProperty("path").GetString().ShouldBe("/health/ready");
        Container(rendered).GetProperty("livenessProbe").GetProperty("httpGet").GetProperty("path").GetString().ShouldBe("/health/live");
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Pods_MayDoLittle(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);
        var security = Container(rendered).GetProperty("securityContext");

        Pod(rendered).GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean().ShouldBeTrue();
        Pod(rendered).GetProperty("automountServiceAccountToken").GetBoolean().ShouldBeFalse();
        security.GetProperty("readOnlyRootFilesystem").GetBoolean().ShouldBeTrue();
        security.GetProperty("allowPrivilegeEscalation").GetBoolean().ShouldBeFalse();
        security.GetProperty("capabilities").GetProperty("drop")[0].GetString().ShouldBe("ALL");
        rendered["NetworkPolicy"].GetProperty("spec").GetProperty("policyTypes").EnumerateArray().Select(type => type.GetString()).ShouldBe(["Ingress", "Egress"]);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Autoscaler_CountsSessionsAndCpuOfTheDeployment(string folder)
    {
        var rendered = await Rendered.OfAsync(folder);
        var spec = rendered["HorizontalPodAutoscaler"].GetProperty("spec");

        spec.GetProperty("scaleTargetRef").GetProperty("name").GetString().ShouldBe(rendered["Deployment"].GetProperty("metadata").GetProperty("name").GetString());
        spec.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("type").GetString()).ShouldBe(["Resource", "Pods"]);
        spec.GetProperty("metrics")[1].GetProperty("pods").GetProperty("metric").GetProperty("name").GetString().ShouldBe("broker_sessions");
        spec.GetProperty("minReplicas").GetInt32().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Example_ChangesWhatItSays()
    {
        var rendered = await Rendered.OfAsync("overlays/example");

        Container(rendered).GetProperty("image").GetString().ShouldBe("registry.example.com/broker:0.1.0");
        rendered["HorizontalPodAutoscaler"].GetProperty("spec").GetProperty("maxReplicas").GetInt32().ShouldBe(10);
        rendered["ConfigMap"].GetProperty("data").GetProperty("Broker__TrustedProxies__0").GetString().ShouldBe("10.42.0.0/16");
        rendered["NetworkPolicy"].GetProperty("spec").GetProperty("egress")[1].GetProperty("to")[0].GetProperty("ipBlock").GetProperty("cidr").GetString().ShouldBe("10.50.0.0/24");
        rendered["Ingress"].GetProperty("metadata").GetProperty("namespace").GetString().ShouldBe("broker");
    }

    private static JsonElement Pod(Rendered rendered) => rendered["Deployment"].GetProperty("spec").GetProperty("template").GetProperty("spec");

    private static JsonElement Container(Rendered rendered) => Pod(rendered).GetProperty("containers").EnumerateArray().ShouldHaveSingleItem();

    private static string[] Labels(JsonElement labels) => [.. labels.EnumerateObject().Select(label => $"{label.Name}={label.Value}")];
}
