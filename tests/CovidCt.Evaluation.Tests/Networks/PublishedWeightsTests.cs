using System.Text.RegularExpressions;
using CovidCt.Networks;

namespace CovidCt.Evaluation.Tests.Networks;

public sealed partial class PublishedWeightsTests
{

    public static TheoryData<string> Networks => [.. BackboneSpec.All.Select(spec => spec.Name)];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, PublishedWeights.All.Count)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_network_has_exactly_one_default_and_it_comes_first(string network)
    {
        var weights = PublishedWeights.Of(network);

        Assert.Same(Assert.Single(weights, row => row.IsDefault), weights[0]);
        Assert.Same(weights[0], PublishedWeights.Default(network));
    }

    [Fact]
    public void The_networks_are_those_of_the_factory_in_its_order() =>
        Assert.Equal(BackboneSpec.All.Select(spec => spec.Name), PublishedWeights.All.Select(weights => weights.Network).Distinct());

    [Fact]
    public void No_two_have_one_name_or_address_or_hash()
    {
        Assert.Distinct(PublishedWeights.All.Select(weights => (weights.Network, weights.Id)));
        Assert.Distinct(PublishedWeights.All.Select(weights => weights.FileName));
        Assert.Distinct(PublishedWeights.All.Select(weights => weights.Sha256));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_digits_in_the_files_name_are_the_first_of_its_hash(int row)
    {
        var weights = PublishedWeights.All[row];
        var digits = HashInName().Match(weights.FileName);

        Assert.True(digits.Success, weights.FileName);
        Assert.StartsWith(digits.Groups[1].Value, weights.Sha256, StringComparison.Ordinal);
        Assert.True(weights.HashIsComplete || weights.Sha256 == digits.Groups[1].Value, "A hash is complete, or no more than the name says.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_bytes_agree_with_the_published_mebibytes_and_hold_all_parameters(int row)
    {
        var weights = PublishedWeights.All[row];
        var parameters = 4 * BackboneSpec.Find(weights.Network)!.Parameters;

        Assert.True(weights.HasSize(weights.MaximumSize));
        Assert.False(weights.HasSize(weights.MaximumSize + 1));
        Assert.InRange(weights.MaximumSize, parameters, 1.2 * parameters);
        if (weights.Size is { } size)
        {
            Assert.Equal(weights.Mebibytes, Math.Round(size / (double)(1 << 20), 3));
            Assert.False(weights.HasSize(size - 1));
        }
        else
        {
            Assert.True(weights.HasSize((long)Math.Round(weights.Mebibytes * (1 << 20))));
            Assert.False(weights.HasSize((long)((weights.Mebibytes - 0.002) * (1 << 20))));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Addresses_are_https_and_accuracies_are_per_cent(int row)
    {
        var weights = PublishedWeights.All[row];

        Assert.Equal("https", weights.Address.Scheme);
        Assert.Equal("https", weights.Source.Scheme);
        Assert.EndsWith("/" + weights.FileName, weights.Address.AbsoluteUri, StringComparison.Ordinal);
        Assert.InRange(weights.Top1, 50, weights.Top5);
        Assert.InRange(weights.Top5, 75, 100);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Input_is_what_the_network_expects(int row)
    {
        var weights = PublishedWeights.All[row];
        var spec = BackboneSpec.Find(weights.Network)!;

        Assert.Equal(spec.Normalisation, weights.Normalisation);
        Assert.Equal(spec.Canvas, weights.Canvas);
        Assert.InRange(spec.Square.Width - weights.EvaluatedAt.Width, 0, 3);
    }

    [Fact]
    public void A_network_without_published_weights_is_told_those_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => PublishedWeights.Default("alexnet"));

        Assert.Contains("'alexnet'", error.Message, StringComparison.Ordinal);
        Assert.Contains("densenet201", error.Message, StringComparison.Ordinal);
        Assert.Empty(PublishedWeights.Of("alexnet"));
    }

    [Fact]
    public void A_hash_is_compared_as_far_as_it_is_public()
    {
        var whole = new string('a', 64);
        var weights = PublishedWeights.All[0] with { Sha256 = "aaaaaaaa" };

        Assert.True(weights.HasHash(whole));
        Assert.True(weights.HasHash(whole.ToUpperInvariant()));
        Assert.False(weights.HasHash("b" + whole[1..]));
        Assert.False(weights.HasHash("aaaaaaaa"), "What is compared is a whole hash.");
        Assert.False((weights with { Sha256 = whole }).HasHash(whole[..63] + "b"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("1234567G")]
    [InlineData("ABCDEF01")]
    public void Digits_that_are_no_hash_are_refused(string sha256) =>
        Assert.Throws<ArgumentException>(() => PublishedWeights.All[0] with { Sha256 = sha256 });

    [Theory]
    [InlineData("weights.pth")]
    [InlineData("/models/weights.pth")]
    [InlineData("ftp://weights.invalid/weights.pth")]
    public void Addresses_that_nothing_can_be_fetched_from_are_refused(string address) =>
        Assert.Throws<ArgumentException>(() => PublishedWeights.All[0] with { Address = new Uri(address, UriKind.RelativeOrAbsolute) });

    [GeneratedRegex("-([0-9a-f]{8,})\\.pth$")]
    private static partial Regex HashInName();
}
