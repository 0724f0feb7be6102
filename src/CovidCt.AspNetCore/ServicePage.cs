using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CovidCt.AspNetCore;

/// <summary>A page that uploads a slice, and shows the answer and its map.</summary>
internal static class ServicePage
{
    // Nothing is loaded from elsewhere, and nothing goes there; pictures come within answers.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string Base = "{{base}}";

    /// <summary>Maps the page and what it consists of.</summary>
    /// <param name="group">The model's endpoints.</param>
    /// <param name="prefix">Where they begin, without a slash at the end.</param>
    public static void Map(RouteGroupBuilder group, string prefix)
    {
        var page = Resource("page.html");
        group.MapGet("", http => Send(http, Page(HtmlEncoder.Default.Encode($"{http.Request.PathBase}{prefix}")), "text/html"))
            .ExcludeFromDescription();
        Add("page.css", "text/css");
        Add("page.js", "text/javascript");

        string Page(string place) => page.Replace(Base, place, StringComparison.Ordinal);

        void Add(string name, string type)
        {
            var content = Resource(name);
            group.MapGet($"/{name}", http => Send(http, content, type)).ExcludeFromDescription();
        }
    }

    private static Task Send(HttpContext http, string content, string type)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        http.Response.ContentType = $"{type}; charset=utf-8";
        return http.Response.WriteAsync(content, Encoding.UTF8);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
