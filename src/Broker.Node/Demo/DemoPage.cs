using System.Reflection;
using Broker.Node.Apps;
using Broker.Node.Connections;

namespace Broker.Node.Demo;

/// <summary>The page at <c>/</c>: a chat over the native dialect in the app <c>demo</c>. Its files are embedded in the assembly.</summary>
public static class DemoPage
{
    // The page may load its own files and talk to its own node; nothing else.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDemoPage(this IEndpointRouteBuilder app)
    {
        var page = Read("index.html");
        app.MapGet("/", context => WriteAsync(context, page, "text/html; charset=utf-8", IsOn(context))).WithDialect(HttpDialects.Demo);
        foreach (var (file, type) in new[] { ("demo.css", "text/css; charset=utf-8"), ("demo.js", "text/javascript; charset=utf-8"), ("client.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml") })
        {
            var text = Read(file);
            app.MapGet("/demo/" + file, context => WriteAsync(context, text, type, isOn: true)).WithDialect(HttpDialects.Demo);
        }
    }

    private static bool IsOn(HttpContext context) =>
        context.RequestServices.GetRequiredService<AppDirectory>().HasDemo && Locality.IsLocal(context);

    private static Task WriteAsync(HttpContext context, string text, string type, bool isOn)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        context.Response.ContentType = type;
        return context.Response.WriteAsync(isOn ? text : text.Replace("data-demo=\"on\"", "data-demo=\"off\"", StringComparison.Ordinal), context.RequestAborted);
    }

    private static string Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("demo/" + file)
            ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
