namespace CovidCt.Evaluation.Tests.House;

public sealed class RoomsTests
{
    // Cards and the report share the words that stand in both; each line here is one to take away.
    [Fact]
    public void No_file_uses_a_room_that_comes_after_its_own() => Repository.AssertOnly([], Rooms.Documented.Violations(Repository.Sources));

    [Fact]
    public void Every_folder_is_in_the_order_and_every_room_is_a_folder()
    {
        Assert.Empty(Repository.Sources.Where(source => Rooms.Documented.Of(source.Folder) is null).Select(source => source.Path));
        Assert.Empty(Rooms.Documented.Order.Except(Repository.Sources.Select(source => Rooms.Documented.Of(source.Folder))));
        Assert.Distinct(Rooms.Documented.Order);
    }

    [Theory]
    [InlineData("using CovidCt.Upper;\n\nnamespace CovidCt.Lower;\n\npublic sealed record Low(High High);")]
    [InlineData("using static CovidCt.Upper.High;\n\nnamespace CovidCt.Lower;\n\npublic sealed record Low;")]
    [InlineData("namespace CovidCt.Lower;\n\npublic sealed record Low(Upper.High High);")]
    [InlineData("namespace CovidCt.Lower;\n\n/// <summary>See <see cref=\"Upper.High\"/>.</summary>\npublic sealed record Low;")]
    public void A_circle_is_found(string low)
    {
        var rooms = new Rooms(["Core/Lower", "Core/Upper"]);
        var high = new Source("CovidCt.Core/Upper/High.cs", "using CovidCt.Lower;\n\nnamespace CovidCt.Upper;\n\npublic sealed record High;");
        var harmless = new Source("CovidCt.Core/Lower/Low.cs", "namespace CovidCt.Lower;\n\n// Upper.High\npublic sealed record Low(string Name = \"Upper.High\");");

        Assert.Empty(rooms.Violations([high, harmless]));
        Assert.Equal(["CovidCt.Core/Lower/Low.cs: Core/Upper"], rooms.Violations([high, new Source("CovidCt.Core/Lower/Low.cs", low)]));
    }

    [Fact]
    public void A_folder_may_not_use_what_lies_above_it_unless_they_are_one_room()
    {
        Source[] sources =
        [
            new("CovidCt.Core/Whole/Root.cs", "namespace CovidCt.Whole;\n\ninternal sealed class Root;"),
            new("CovidCt.Core/Whole/Part/Leaf.cs", "namespace CovidCt.Whole.Part;\n\ninternal sealed class Leaf(Root root);"),
        ];

        Assert.Empty(new Rooms(["Core/Whole"]).Violations(sources));
        Assert.Empty(new Rooms(["Core/Whole", "Core/Whole/Part"]).Violations(sources));
        Assert.Equal(["CovidCt.Core/Whole/Part/Leaf.cs: Core/Whole"], new Rooms(["Core/Whole/Part", "Core/Whole"]).Violations(sources));
    }
}
