package io.servicebreaker.spring;

/**
 * The searches that an answer tells of, in whichever way: as a number, or as a list of what the model did. What is told
 * again replaces what was told before.
 */
final class SearchCount {

    /** What research of half an hour does not come near; more is a mistake and would cost a fortune. */
    private static final int MOST = 10_000;

    private int told;
    private int listed;
    private boolean search;
    private boolean looksAtPage;

    void told(String name, int searches) {
        if ((name.equals("num_search_queries") || name.equals("web_search_requests")) && isPlausible(searches)) {
            told = searches;
        }
    }

    private static boolean isPlausible(int searches) {
        return searches >= 0 && searches <= MOST;
    }

    /** The list that OpenAI's responses have. */
    void listBegins() {
        listed = 0;
        forgetItem();
    }

    void itemBegins() {
        listed = listedSoFar();
        forgetItem();
    }

    private void forgetItem() {
        search = false;
        looksAtPage = false;
    }

    /** The type of an item, or of its action. To look at a page is told like a search, and costs nothing. */
    void type(boolean ofAction, String type) {
        if (!ofAction) {
            search = type.equals("web_search_call");
        } else {
            looksAtPage = type.equals("open_page") || type.equals("find_in_page");
        }
    }

    private int listedSoFar() {
        return search && !looksAtPage ? listed + 1 : listed;
    }

    int count() {
        int inList = listedSoFar();
        return told > 0 || !isPlausible(inList) ? told : inList;
    }
}
